// Made from api/openapi.yaml by `npm run gen`. Do not edit.

export interface paths {
    "/auth/discord": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Begin a sign-in with Discord
         * @description For browsers. Remembers the dashboard's challenge and state, sets a one-time cookie for this flow and sends the
         *     browser to Discord's authorize page (scope `identify guilds`, PKCE S256).
         */
        get: operations["startDiscordLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/discord/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Return from Discord
         * @description For browsers. Matches the state with the cookie, swaps the code at Discord and makes a single-use login code that
         *     lives 60 s. Always a redirect: to `DASHBOARD_URL/auth/callback?code&state&returnTo`, or on any refusal to
         *     `DASHBOARD_URL/login?error=<LoginError>`. No token ever stands in a URL. Parameters that are not listed are ignored.
         */
        get: operations["finishDiscordLogin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/exchange": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Swap a login code for tokens
         * @description A code that is unknown, expired or does not fit the verifier is 400 `validation_failed` naming `code`. So is a
         *     second use, which also revokes the session made by the first (RFC 6749 §4.1.2).
         */
        post: operations["exchangeLoginCode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a session
         * @description Ends the session of `refreshToken`; with `all` every session of its user. `{"all": true}` alone needs an access
         *     token as bearer. 204 also when the session had ended already.
         */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in user, the session and the guilds */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is held about the caller
         * @description One document to take away. Tokens are not in it: they are stored hashed or sealed. `actions` are the caller's entries
         *     in the logs of guilds, the newest 10,000; what they changed belongs to the guilds and is not repeated.
         */
        get: operations["getMyData"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me/deletion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete the caller's account
         * @description At once and for good: the authorization is revoked at Discord, all sessions end, profile and guild list are deleted.
         *     In the logs of guilds an alias takes the place of id and name within minutes, and addresses go. What guilds track
         *     stays: it is theirs. `confirm` is the caller's user name, in any case.
         */
        post: operations["deleteMe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the refresh token
         * @description Each refresh token works once. Presented again within seconds it answers 401 `refresh_race` and nothing changes:
         *     keep what you have, the other call won. With the same `Idempotency-Key` within 60 s the same successor comes
         *     again. Any other reuse answers 401 `session_revoked` and ends the session.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The user's own live sessions, newest first */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of the user's own sessions
         * @description 204 also when it had ended already; 404 when it is not the user's.
         */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bot/guilds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The guilds of a shard that the bot is believed to be in
         * @description For a bot that has connected anew: what Discord does not list any more it was removed from meanwhile.
         */
        get: operations["listBotGuilds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bot/guilds/{guildId}": {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * The bot is in this guild
         * @description With `channels` and `roles`, all of them, the guild is greeted when it is new and gets a default channel; without
         *     them what is known of channels and roles stays.
         */
        put: operations["putBotGuild"];
        post?: never;
        /**
         * The bot was removed from this guild
         * @description For a removal, not for an outage of Discord. 204 also when it is not known or served by another bot.
         */
        delete: operations["deleteBotGuild"];
        options?: never;
        head?: never;
        /**
         * Something in this guild has changed
         * @description What is given is written, in the order of the schema: one event of Discord a call. 404 for a guild that is not
         *     known or was left: tell it whole with PUT.
         */
        patch: operations["patchBotGuild"];
        trace?: never;
    };
    "/bot/guilds/{guildId}/commands": {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A member has given a slash command
         * @description Done in the member's name and with the permissions that Discord sent along, which the bot has to pass on unchanged. A
         *     refusal is a reply too. 404: the guild is not known or was left; tell it with PUT and call again.
         */
        post: operations["runBotCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bot/guilds/{guildId}/completions": {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A member is typing an option
         * @description Nothing is offered to members without Manage Server.
         */
        post: operations["completeBotCommand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bot/guilds/{guildId}/config": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** What a bot needs to know about a guild */
        get: operations["getBotGuildConfig"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bot/health": {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** A heartbeat */
        put: operations["putBotHealth"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/bot/shards/{shardId}/session": {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /**
                 * @description From 0.
                 * @example 0
                 */
                shardId: components["schemas"]["ShardId"];
            };
            cookie?: never;
        };
        /** Where a shard resumes */
        get: operations["getBotSession"];
        /**
         * How far a shard has followed
         * @description To be told when the events up to there are written down, so that the next process is told again what is not.
         */
        put: operations["putBotSession"];
        post?: never;
        /** A shard has to begin anew */
        delete: operations["deleteBotSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract, for reading */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The guilds the user may open, by name */
        get: operations["listGuilds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * One guild with its settings, limits and counts
         * @description The `ETag` of this answer is what `If-Match` of `PUT /guilds/{guildId}/settings` takes.
         */
        get: operations["getGuild"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Tracked accounts, newest first */
        get: operations["listAccounts"];
        put?: never;
        /**
         * Track an account
         * @description Resolves the handle or address to the platform's stable id, for at most 10 s; when the platform does not answer
         *     in time the account is made all the same, in state `learning` with a reason, and resolved later. Exactly one of
         *     `handle` and `url` is given; `platform: auto` needs `url`. What cannot be found at the platform is 400 naming the
         *     field; an account tracked already in the guild is 409; beyond the tier's number 403 `tier_limit`; a `groupId`
         *     that is not the guild's is 404. The first poll is the baseline: stored, not announced.
         */
        post: operations["createAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/accounts/{accountId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Stop tracking an account */
        delete: operations["deleteAccount"];
        options?: never;
        head?: never;
        /** Move, redirect, pause or resume an account */
        patch: operations["updateAccount"];
        trace?: never;
    };
    "/guilds/{guildId}/accounts/{accountId}/followers": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * The followers of an account over time, oldest first
         * @description The day's first figure of each day (UTC), as far back as the plan's history goes, so there is no paging. It begins
         *     when anybody began to track the account. Empty where the platform tells no followers.
         */
        get: operations["getAccountFollowers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/accounts/{accountId}/poll": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check an account now
         * @description What the action `retry_now` does: the account is asked next, whatever wait its failures have brought. At most once a
         *     minute, and not before a time that its platform asked for: 429 tells how long. The answer comes before the check;
         *     `lastPolledAt` and `state` tell its outcome.
         */
        post: operations["pollAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/accounts/export.opml": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** The tracked accounts as OPML */
        get: operations["exportAccountsOpml"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/accounts/import": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Track many accounts from CSV or OPML
         * @description CSV with a header line of `url` or `platform,handle`, and optionally `brand`, `group` and `channelId`, separated by
         *     commas, semicolons or tabs; or OPML, whose outlines with `xmlUrl` are feeds and those around them groups (of
         *     two, the outer is the brand). A group or brand that does not exist is made. One bad line does not spoil the
         *     rest: the report has a line for each, in their order. At most 1,000 lines.
         *
         *     Platforms are asked for 15 s in all. A feed, DID or channel id that has not answered by then is tracked in state
         *     `learning`, with the reason as its message; another line fails and can be sent again: what is tracked already
         *     is `exists`. A line beyond the plan fails with the limit as its message.
         */
        post: operations["importAccounts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/analytics": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Series and totals, with the period before
         * @description Without `from` and `to` the last 30 days, with one of them the 30 days from or up to it. Days and weeks (from
         *     Monday) are those of the guild's time zone; the first and the last point may be parts of one. The period before has
         *     as many days, or of a period that begins or ends within a day the same length, and ends where this one begins; it is
         *     cut into points of the same widths. A period is at most 366 days. Posts that were removed at their platform do not
         *     count.
         */
        get: operations["getAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Live keys, newest first
         * @description A key cannot see or make keys.
         */
        get: operations["listApiKeys"];
        put?: never;
        /** Make a key for a program */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                keyId: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke a key */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Who changed what, newest first
         * @description `ipAddress` is told to those who may manage the guild, null to others. `from` is inclusive, `to` exclusive.
         *     `integrity` tells how the chain of the
         *     whole log stands: new entries are checked soon after they were written, the whole log each day, and those of the
         *     answer while it is made.
         */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/brands": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Brands, by name */
        get: operations["listBrands"];
        put?: never;
        /**
         * Add a brand
         * @description A second brand of the same name is 409; beyond the tier's number 403 `tier_limit`.
         */
        post: operations["createBrand"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/brands/{brandId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                brandId: components["parameters"]["BrandId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a brand with its groups and accounts */
        delete: operations["deleteBrand"];
        options?: never;
        head?: never;
        /** Rename a brand */
        patch: operations["updateBrand"];
        trace?: never;
    };
    "/guilds/{guildId}/channels": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Channels for pickers, as the bot last saw them
         * @description Callers who may not manage the guild get those channels alone that settings, accounts or routes name: not every
         *     member may know of every channel.
         */
        get: operations["listChannels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/deletion": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Whether everything of the guild is to be deleted */
        get: operations["getGuildDeletion"];
        put?: never;
        /**
         * Delete everything of the guild after a grace of seven days
         * @description Accounts, posts, figures, settings, keys, files, the log of changes: all of it, and the bot leaves the guild. Until
         *     `deletesAt` everything goes on and the deletion can be undone; the guild is told in its default channel. `confirm` is the guild's
         *     name, in any case. A deletion that is planned already stays as it is. Nobody but a person can ask for it: API keys do not count.
         */
        post: operations["scheduleGuildDeletion"];
        /**
         * Keep the guild's data after all
         * @description 404 when no deletion is planned, 409 when it has begun.
         */
        delete: operations["cancelGuildDeletion"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/exports": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Exports, newest first */
        get: operations["listExports"];
        put?: never;
        /**
         * Order an export
         * @description Made in the background; the stream of the guild's status tells its progress. The same `Idempotency-Key` within 24 h
         *     answers the export it made; with another body 409. Beyond the tier's rows 403 `tier_limit`. An `archive` is everything
         *     of the guild in one `zip` of JSON lines, whatever the tier.
         */
        post: operations["createExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/exports/{exportId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                exportId: components["parameters"]["ExportId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** One export */
        get: operations["getExport"];
        put?: never;
        post?: never;
        /** Delete an export and its file */
        delete: operations["deleteExport"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/exports/{exportId}/download": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                exportId: components["parameters"]["ExportId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * The file of an export
         * @description Resumable: `Range` with `If-Range` gives 206. An export that is not `done` is 409, one that has expired 404. Audit
         *     exports and archives are given to those who manage the guild only (403).
         */
        get: operations["downloadExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/groups": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Account groups, by name */
        get: operations["listGroups"];
        put?: never;
        /**
         * Add a group to a brand
         * @description A `brandId` that is not the guild's is 404; a second group of the same name in the brand is 409.
         */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/groups/{groupId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupId: components["parameters"]["GroupId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a group with its accounts */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        /** Rename a group or move it to another brand */
        patch: operations["updateGroup"];
        trace?: never;
    };
    "/guilds/{guildId}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * The plan, what it allows, what is used of it, and what else is to be had
         * @description A larger plan holds at once. On a smaller one there are 10 days of grace: what there is runs on under the former
         *     limits, and nothing is added beyond the new room. When they are over the newest accounts beyond it are paused; they
         *     go on when there is room again. Where to buy is told to those who manage the guild, and only what is set up here.
         */
        get: operations["getGuildPlan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/posts": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Posts of the tracked accounts
         * @description `from` is inclusive, `to` exclusive, both on `publishedAt`. Every order is descending; posts whose counter is null
         *     come last.
         */
        get: operations["listPosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/posts/{postId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        /** One post */
        get: operations["getPost"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/posts/{postId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        /** Where the post went, and why */
        get: operations["listPostDeliveries"];
        put?: never;
        /**
         * Send again what did not arrive
         * @description Puts one delivery, or without `deliveryId` every `dead` or `skipped` delivery of the post, back into the queue. It
         *     leaves at once: neither quiet hours nor a digest hold it, and the words and kinds that kept it back do not count.
         *     One that had no channel goes where the post would go now, which may be several channels. A delivery that is `sent`
         *     or still under way is 409, as is a post that has nowhere to go. With an `Idempotency-Key` a repeated call within a
         *     week sends nothing again and answers as the first; the same key for something else is 409.
         */
        post: operations["replayPostDeliveries"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/posts/{postId}/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        /**
         * The whole metric history of a post, oldest first
         * @description Measured hourly on the first day, every 6 hours in the first week, daily in the first month and weekly until day
         *     90, so there is no paging.
         */
        get: operations["getPostMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Roles for pickers, as the bot last saw them
         * @description Without `@everyone`. Callers who may not manage the guild get those roles alone that settings or routes name.
         */
        get: operations["listRoles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/routes": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Where posts go, newest first */
        get: operations["listRoutes"];
        put?: never;
        /**
         * Send the posts of an account, group or brand to a channel
         * @description Exactly one of `accountId`, `groupId` and `brandId` is given. A target that is not the guild's is 404; a channel
         *     the bot cannot write to is 400 naming `channelId`.
         */
        post: operations["createRoute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/routes/{routeId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                routeId: components["parameters"]["RouteId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a route */
        delete: operations["deleteRoute"];
        options?: never;
        head?: never;
        /**
         * Change, pause or resume a route
         * @description Resuming clears `stateReason` and ends the pause of the route's channel, if Discord had refused messages there: what
         *     has waited for less than a day follows. A paused route takes no new posts.
         */
        patch: operations["updateRoute"];
        trace?: never;
    };
    "/guilds/{guildId}/routes/{routeId}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                routeId: components["parameters"]["RouteId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a route would make of a post
         * @description Saves and sends nothing. What the body gives takes the place of what is saved, so that a form can show a change
         *     before it is made. Without `postId` the latest post of what the route covers, one that passes its filters before one
         *     that does not; 404 when there is none.
         */
        post: operations["previewRoute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/routes/preview": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a route that is not saved yet would make of a post
         * @description For the form of a new route. Saves and sends nothing. Without `postId` as in `previewRoute`.
         */
        post: operations["previewNewRoute"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        get?: never;
        /**
         * Replace the whole settings
         * @description `If-Match` takes the `ETag` of `GET /guilds/{guildId}`, weak as it is; it is compared by the version of the
         *     settings alone, so that a changed count does not spoil it. Without it 428, with an outdated one 412. The answer
         *     is the guild as `GET` would give it, with its new `ETag`. Audited with before and after; settings that change
         *     nothing leave the version as it is. A channel and a role have to be the guild's and usable when they are others than
         *     before. Without `weeklyScorecard` that one stays as it is. Messages that wait stay in the channel they were queued
         *     for; quiet hours and digests apply to them as set now.
         */
        put: operations["replaceGuildSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/shares": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Scorecard links that were not revoked, newest first */
        get: operations["listShares"];
        put?: never;
        /**
         * Share a brand's scorecard
         * @description A `brandId` that is not the guild's is 404.
         */
        post: operations["createShare"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/shares/{shareId}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                shareId: components["parameters"]["ShareId"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a share
         * @description 404 when it was revoked before.
         */
        delete: operations["deleteShare"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/status": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /** Health of the bot, the queues and the platforms */
        get: operations["getGuildStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/status/stream": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * The same, live, as server-sent events
         * @description `event: status` on connect and on change, `event: post` for a new post and again when its way to Discord has
         *     ended, `event: export` for export progress. Each
         *     event has an `id`; `Last-Event-ID` resumes after it where the server still knows it. A comment every 15 s keeps
         *     the line open. The stream ends when the token expires, at logout and within 60 s of losing access.
         */
        get: operations["streamGuildStatus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/guilds/{guildId}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        /**
         * Metered use per day, with totals and limits
         * @description Without `from` and `to` the last 30 days. Use is metered by UTC day whatever the guild's time zone; a time in `from`
         *     or `to` means the whole day it lies in. A period is at most 366 days.
         */
        get: operations["getGuildUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process is up */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This contract */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/platforms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can be tracked here, and what each platform tells
         * @description The same for everybody: every platform of the contract, in a fixed order, with what its posts are measured by, so
         *     that nobody promises a figure that a platform lacks. One that is off says what to do.
         */
        get: operations["listPlatforms"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The process can serve
         * @description 503 `unavailable` when the database does not answer or its schema is older than the program.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shares/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example Zk3vQ9yT0b7mX2cR5nW8sA1d */
                token: components["parameters"]["ShareToken"];
            };
            cookie?: never;
        };
        /**
         * A shared scorecard
         * @description Needs no sign-in. A token that is unknown, revoked or expired is 404. 60 looks a minute from an address. The answer
         *     carries `X-Robots-Tag: noindex, nofollow`.
         */
        get: operations["getSharedScorecard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/discord": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Discord tells of an event
         * @description Ed25519 over the timestamp and the raw body. A PING of webhook events (`type` 0) is answered 204, a PING of
         *     interactions (`type` 1) with `{"type":1}`. A bad signature is 401.
         */
        post: operations["receiveDiscordWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/stripe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stripe tells of a subscription
         * @description `Stripe-Signature` over the raw body; a bad one is 401. An event seen before is answered like a new one.
         *
         *     Which tenant a subscription is for says its checkout's `client_reference_id` (our client id), else its `metadata`:
         *     `trackbot_client` or `clientId`, or `guildId`. Which plan it is says the installation's list of prices, else `tier` in
         *     the metadata of the subscription or its price, or the price's `lookup_key`: `pro` or `enterprise`.
         */
        post: operations["receiveStripeWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/websub/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The unguessable part of the callback's address.
                 * @example Zk3vQ9yT0b7mX2cR5nW8sA1d
                 */
                token: components["parameters"]["WebSubToken"];
            };
            cookie?: never;
        };
        /**
         * A hub verifies a subscription
         * @description `hub.topic` must be that of a subscription, or of an end to one, that was asked for within the hour, else 404
         *     (W3C WebSub §5.3). A denial is taken at any time; its answer is empty. Other parameters are ignored.
         */
        get: operations["verifyWebSub"];
        put?: never;
        /**
         * A hub tells of a change
         * @description The body is a hint: the feed is fetched again. A bad or missing `X-Hub-Signature` is answered like a good one and
         *     ignored (W3C WebSub §8); sha1 is refused that way too.
         */
        post: operations["receiveWebSub"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Account: {
            action: components["schemas"]["AccountAction"];
            asOf: components["schemas"]["AsOf"];
            avatarUrl: string | null;
            brandId: components["schemas"]["Uuid"];
            /** @description Its own channel; null is the guild's default. */
            channelId: string | null;
            createdAt: components["schemas"]["Timestamp"];
            displayName: string | null;
            /** Format: int64 */
            followers: number | null;
            groupId: components["schemas"]["Uuid"];
            /**
             * @description As the platform writes it; for `rss` the host of the feed.
             * @example bsky.app
             */
            handle: string;
            id: components["schemas"]["Uuid"];
            /**
             * Format: date-time
             * @description The last poll that succeeded.
             */
            lastPolledAt: string | null;
            /** Format: date-time */
            lastPostAt: string | null;
            /** Format: date-time */
            nextPollAt: string | null;
            platform: components["schemas"]["Platform"];
            state: components["schemas"]["AccountState"];
            /** @description Why, in a sentence. */
            stateReason: string | null;
            stateSince: components["schemas"]["Timestamp"];
            url: string;
        };
        /**
         * @description What a manager can do about the state: `retry_now` (`POST …/poll`), `resume` (`PATCH` with `paused: false`),
         *     `replace_handle` (track the account under its new handle, remove this one), `upgrade` (a larger plan).
         * @enum {string}
         */
        AccountAction: "none" | "retry_now" | "resume" | "replace_handle" | "upgrade";
        /**
         * @example {
         *       "platform": "auto",
         *       "url": "https://host.example/feed.xml",
         *       "groupId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
         *     }
         */
        AccountCreate: {
            /** @description Its own channel; null or missing is the guild's default. */
            channelId?: string | null;
            groupId: components["schemas"]["Uuid"];
            /** @example @user@host.example */
            handle?: string;
            platform: components["schemas"]["PlatformChoice"];
            /** @example https://host.example/feed.xml */
            url?: string;
        };
        AccountList: {
            asOf: components["schemas"]["AsOf"];
            items: components["schemas"]["Account"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description `learning` first polls, or not resolved yet · `ok` · `quiet` nothing new for long · `failing` the platform refuses
         *     or does not answer · `incident` the whole platform does · `paused` by a manager · `paused_by_plan` by the tier ·
         *     `gone` deleted at the platform.
         * @enum {string}
         */
        AccountState: "learning" | "ok" | "quiet" | "failing" | "incident" | "paused" | "paused_by_plan" | "gone";
        AccountStates: components["schemas"]["AccountState"][];
        /**
         * @example {
         *       "paused": true
         *     }
         */
        AccountUpdate: {
            /** @description Null is the guild's default channel. */
            channelId?: string | null;
            groupId?: components["schemas"]["Uuid"];
            paused?: boolean;
        };
        /** @enum {string} */
        ActorType: "user" | "system" | "bot" | "api_key";
        Analytics: {
            /**
             * Format: date-time
             * @description When the accounts concerned were last confirmed: the oldest of those that answer, or the newest when none does.
             */
            asOf: string | null;
            /** @description At most 100, most posts first. */
            groups: components["schemas"]["AnalyticsGroup"][];
            interval: components["schemas"]["AnalyticsInterval"];
            period: components["schemas"]["Period"];
            previousPeriod: components["schemas"]["Period"];
            /** @description As many points as `series`, each as long before. */
            previousSeries: components["schemas"]["AnalyticsPoint"][];
            previousTotals: components["schemas"]["AnalyticsFigures"];
            /** @description Every interval of the period. */
            series: components["schemas"]["AnalyticsPoint"][];
            totals: components["schemas"]["AnalyticsFigures"];
        };
        /**
         * @description Counters are sums over the posts published in the time, of the latest measurement of each. Null when none of these
         *     posts has the figure, and where nothing was published when none in the whole answer has it; else 0.
         */
        AnalyticsFigures: {
            /** Format: int64 */
            comments: number | null;
            /** Format: int64 */
            likes: number | null;
            /** Format: int64 */
            posts: number;
            /** Format: int64 */
            shares: number | null;
            /** Format: int64 */
            views: number | null;
        };
        AnalyticsGroup: {
            /** @description Platform or id. */
            key: string;
            label: string;
            previousTotals: components["schemas"]["AnalyticsFigures"];
            series: components["schemas"]["AnalyticsPoint"][];
            totals: components["schemas"]["AnalyticsFigures"];
        };
        /** @enum {string} */
        AnalyticsGroupBy: "platform" | "brand" | "account";
        /** @enum {string} */
        AnalyticsInterval: "day" | "week";
        AnalyticsPoint: {
            /** Format: int64 */
            comments: number | null;
            /** Format: int64 */
            likes: number | null;
            /** Format: int64 */
            posts: number;
            /** Format: int64 */
            shares: number | null;
            start: components["schemas"]["Timestamp"];
            /** Format: int64 */
            views: number | null;
        };
        ApiKey: {
            createdAt: components["schemas"]["Timestamp"];
            createdBy: components["schemas"]["Snowflake"];
            /** @description As they were called when they signed in last; null once they have left Trackbot. */
            createdByName: string | null;
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            /**
             * Format: date-time
             * @description To the minute.
             */
            lastUsedAt: string | null;
            name: string;
            /**
             * @description The part of the key that tells it from others.
             * @example tb_live_4fG7kQ2p
             */
            prefix: string;
            scopes: components["schemas"]["ApiKeyScope"][];
        };
        /**
         * @example {
         *       "name": "Nightly report",
         *       "scopes": [
         *         "read"
         *       ]
         *     }
         */
        ApiKeyCreate: {
            /** @description At most a year from now, which is also what it is without it. */
            expiresAt?: components["schemas"]["Timestamp"];
            name: string;
            scopes: components["schemas"]["ApiKeyScope"][];
        };
        ApiKeyCreated: {
            createdAt: components["schemas"]["Timestamp"];
            createdBy: components["schemas"]["Snowflake"];
            /** @description As they were called when they signed in last; null once they have left Trackbot. */
            createdByName: string | null;
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            /** @description Shown this once. */
            key: string;
            /** Format: date-time */
            lastUsedAt: string | null;
            name: string;
            prefix: string;
            scopes: components["schemas"]["ApiKeyScope"][];
        };
        ApiKeyList: {
            items: components["schemas"]["ApiKey"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description `write` includes `read`.
         * @enum {string}
         */
        ApiKeyScope: "read" | "write";
        /**
         * Format: date-time
         * @description When the data was last confirmed at the platform; for a list the oldest of its items, null when it is empty or
         *     nothing was confirmed yet.
         */
        AsOf: string | null;
        Attention: {
            /** Format: int64 */
            count: number;
            kind: components["schemas"]["Concern"];
            /**
             * Format: date-time
             * @description Of the oldest; null where that is not known.
             */
            since: string | null;
        };
        AuditChange: {
            field: string;
            new: components["schemas"]["AuditValue"];
            old: components["schemas"]["AuditValue"];
        };
        AuditEntry: {
            /** @example settings.updated */
            action: string;
            actorId: string;
            actorName: string | null;
            actorType: components["schemas"]["ActorType"];
            changes: components["schemas"]["AuditChange"][];
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            ipAddress: string | null;
            /**
             * Format: int64
             * @description Gap-free within the guild.
             */
            seq: number;
            source: components["schemas"]["AuditSource"];
            targetId: string | null;
            targetType: string;
        };
        AuditEntryList: {
            integrity: components["schemas"]["AuditIntegrity"];
            items: components["schemas"]["AuditEntry"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        AuditIntegrity: {
            /**
             * Format: int64
             * @description `seq` of the first entry that is not sound.
             */
            brokenSeq: number | null;
            /**
             * Format: date-time
             * @description When the log was last checked.
             */
            checkedAt: string | null;
            /**
             * Format: int64
             * @description How many of the first were found sound.
             */
            checkedEntries: number;
            /**
             * Format: int64
             * @description How many the log has.
             */
            entries: number;
            state: components["schemas"]["AuditState"];
        };
        /** @enum {string} */
        AuditSource: "dashboard" | "bot" | "api" | "system";
        /**
         * @description `sound` as far as it was checked; `broken`: an entry was altered, taken out or put in.
         * @enum {string}
         */
        AuditState: "sound" | "broken" | "unchecked";
        /** @description Any JSON value; secrets are `[redacted]`. */
        AuditValue: unknown;
        BotChannel: {
            /** @description The bot has View Channel, Send Messages and Embed Links there. */
            canSend: boolean;
            id: components["schemas"]["Snowflake"];
            name: string;
            /** Format: int32 */
            position: number;
            type: components["schemas"]["BotChannelType"];
        };
        BotChannels: components["schemas"]["BotChannel"][];
        /** @enum {string} */
        BotChannelType: "text" | "announcement" | "voice" | "stage" | "forum" | "category" | "other";
        BotChoice: {
            name: string;
            value: string;
        };
        BotChoices: {
            choices: components["schemas"]["BotChoice"][];
        };
        /**
         * @example {
         *       "interactionId": "197038439483310095",
         *       "channelId": "197038439483310090",
         *       "member": {
         *         "id": "197038439483310088",
         *         "name": "Mara",
         *         "permissions": "32"
         *       },
         *       "name": "status",
         *       "options": []
         *     }
         */
        BotCommand: {
            channelId: components["schemas"]["Snowflake"];
            interactionId: components["schemas"]["Snowflake"];
            member: components["schemas"]["BotMember"];
            /**
             * @description With its subcommand.
             * @example track add
             */
            name: string;
            options: components["schemas"]["BotOption"][];
        };
        /**
         * @example {
         *       "name": "Newsroom",
         *       "iconUrl": null,
         *       "ownerId": "197038439483310088"
         *     }
         */
        BotGuild: {
            channels?: components["schemas"]["BotChannels"];
            /** @description The guild's icon at cdn.discordapp.com; a picture elsewhere is not shown. */
            iconUrl: string | null;
            /** @description The guild's preferred one, as Discord names it. */
            locale?: string;
            name: string;
            ownerId: components["schemas"]["Snowflake"];
            roles?: components["schemas"]["BotRoles"];
            systemChannelId?: components["schemas"]["Snowflake"];
        };
        /**
         * @example {
         *       "deletedChannelId": "197038439483310090"
         *     }
         */
        BotGuildChange: {
            /** @description One that was made or has changed. */
            channel?: components["schemas"]["BotChannel"];
            /** @description All channels. */
            channels?: components["schemas"]["BotChannels"];
            deletedChannelId?: components["schemas"]["Snowflake"];
            /** @description The guild itself with all its roles; its channels are ignored. */
            guild?: components["schemas"]["BotGuild"];
            /** @description All roles. */
            roles?: components["schemas"]["BotRoles"];
            /** @description True: Discord has an outage of the guild; a PUT ends it. False says nothing. */
            unavailable?: boolean;
        };
        BotGuildConfig: {
            clientId: components["schemas"]["Uuid"];
            guildId: components["schemas"]["Snowflake"];
            limits: components["schemas"]["Limits"];
            settings: components["schemas"]["GuildSettings"];
            tier: components["schemas"]["Tier"];
        };
        BotGuildIds: {
            guildIds: components["schemas"]["Snowflake"][];
        };
        BotGuildState: {
            clientId: components["schemas"]["Uuid"];
            guildId: components["schemas"]["Snowflake"];
        };
        BotHealth: {
            guildCount: number;
            /** Format: date-time */
            lastHeartbeat: string | null;
            shardCount: number;
            status: components["schemas"]["BotStatus"];
            version: string | null;
        };
        /**
         * @example {
         *       "shardCount": 1,
         *       "guildCount": 12,
         *       "status": "online",
         *       "version": "1.4.0"
         *     }
         */
        BotHealthReport: {
            /**
             * Format: int32
             * @description Without it, the guilds that the bot is known to be in.
             */
            guildCount?: number;
            /** Format: int32 */
            shardCount: number;
            status: components["schemas"]["BotReportedStatus"];
            version: string;
        };
        /**
         * @default main
         * @example main
         */
        BotId: string;
        BotMember: {
            id: components["schemas"]["Snowflake"];
            name: string;
            /** @description Those in the channel, as Discord sent them with the interaction. */
            permissions: string;
        };
        BotOption: {
            /** @description The one that is being typed. */
            focused?: boolean;
            name: string;
            /** @description A text or an id; `true` or `false`; a number in decimals. */
            value: string;
        };
        BotReply: {
            /** @description Discord markdown. */
            body: string;
            buttons: components["schemas"]["BotReplyButton"][];
            /** Format: int32 */
            color: number;
            fields: components["schemas"]["BotReplyField"][];
            footer: string;
            /**
             * @description `ok`, or the code of a problem.
             * @example ok
             */
            outcome: string;
            thumbnail: string;
            title: string;
            /** @description Where the title leads, or "". */
            url: string;
        };
        BotReplyButton: {
            text: string;
            url: string;
        };
        BotReplyField: {
            name: string;
            value: string;
        };
        /** @enum {string} */
        BotReportedStatus: "online" | "degraded" | "offline";
        BotRole: {
            /** Format: int32 */
            color: number;
            id: components["schemas"]["Snowflake"];
            mentionable: boolean;
            name: string;
            /** @description Discord's decimal set. */
            permissions: string;
            /** Format: int32 */
            position: number;
        };
        BotRoles: components["schemas"]["BotRole"][];
        /**
         * @example {
         *       "sessionId": "2f0d5a9c",
         *       "resumeUrl": "wss://gateway.discord.gg",
         *       "sequence": 42,
         *       "shardCount": 1
         *     }
         */
        BotSession: {
            resumeUrl: string;
            /** Format: int64 */
            sequence: number;
            sessionId: string;
            /** Format: int32 */
            shardCount: number;
        };
        /**
         * @description `offline` after three missed heartbeats, `unknown` before the first.
         * @enum {string}
         */
        BotStatus: "online" | "degraded" | "offline" | "unknown";
        Brand: {
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            name: string;
        };
        /**
         * @example {
         *       "name": "Northwind"
         *     }
         */
        BrandCreate: {
            name: components["schemas"]["BrandName"];
        };
        BrandList: {
            items: components["schemas"]["Brand"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @example Northwind */
        BrandName: string;
        /**
         * @example {
         *       "name": "Northwind Traders"
         *     }
         */
        BrandUpdate: {
            name: components["schemas"]["BrandName"];
        };
        Channel: {
            /** @description The bot may write and embed there. */
            canSend: boolean;
            id: components["schemas"]["Snowflake"];
            name: string;
            /**
             * Format: date-time
             * @description Since when nothing is sent there because Discord refused a message for good.
             */
            pausedSince: string | null;
            type: components["schemas"]["ChannelType"];
        };
        ChannelList: {
            /**
             * Format: date-time
             * @description Up to when the bot has followed them.
             */
            asOf: string | null;
            items: components["schemas"]["Channel"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @enum {string} */
        ChannelType: "text" | "announcement" | "forum" | "media" | "voice" | "stage" | "category" | "other";
        /**
         * @description `deletion_scheduled` everything of the guild is to be deleted · `suspended` by the operator: nothing is tracked or sent · `audit_broken` the log of changes was tampered with ·
         *     `paused_channels` Discord refused a message there for good · `paused_routes` · `no_channel` accounts whose posts have
         *     nowhere to go · `undelivered` messages given up in the last 7 days · `failing_accounts` · `gone_accounts` deleted at
         *     their platform · `paused_by_plan` accounts beyond what the tier allows · `plan_grace` accounts that are paused when the
         *     grace of a smaller plan is over · `limit_reached` limits of the plan that are used up · `limit_near` those used from 80 % on.
         * @enum {string}
         */
        Concern: "deletion_scheduled" | "suspended" | "audit_broken" | "paused_channels" | "paused_routes" | "no_channel" | "undelivered" | "failing_accounts" | "gone_accounts" | "paused_by_plan" | "plan_grace" | "limit_reached" | "limit_near";
        /**
         * @example {
         *       "confirm": "Harbour Studio"
         *     }
         */
        Confirmation: {
            /** @description What is to be deleted, by its name. */
            confirm: string;
        };
        CurrentSession: {
            createdAt: components["schemas"]["Timestamp"];
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
        };
        /**
         * @description Who of the guild may read.
         * @enum {string}
         */
        DashboardAccess: "members" | "managers";
        /**
         * Format: date
         * @example 2026-11-22
         */
        Date: string;
        /**
         * Format: date-or-time
         * @description An RFC 3339 time, or a date in the guild's time zone if the call does not say otherwise.
         * @example 2026-11-22
         * @example 2026-11-22T20:13:00Z
         */
        DateOrTime: string;
        Delivery: {
            /** @description Tries that count; waiting for a rate limit does not. */
            attempts: number;
            /** @description Null where a rule said no before a channel was chosen. */
            channelId: string | null;
            /** Format: date-time */
            deliveredAt: string | null;
            detectedAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            kind: components["schemas"]["DeliveryKind"];
            messageUrl: string | null;
            /**
             * Format: date-time
             * @description Of a `retry` the next try, of one that is held the end of it.
             */
            nextAttemptAt: string | null;
            postId: components["schemas"]["Uuid"];
            publishedAt: components["schemas"]["Timestamp"];
            /** @description Of a replay, when it was asked for. */
            queuedAt: components["schemas"]["Timestamp"];
            /** @description Why it waits or was not sent, in a sentence. */
            reason: string | null;
            routeId: components["schemas"]["Uuid"] | null;
            state: components["schemas"]["DeliveryState"];
            trail: components["schemas"]["DeliveryDecision"][];
        };
        DeliveryDecision: {
            at: components["schemas"]["Timestamp"];
            /** @description Why, in a sentence. */
            detail: string | null;
            /**
             * @description What happened: `queued`, `skipped`, `held` (quiet hours or digest), `released`, `digested`, `failed`,
             *     `rate_limited`, `plain_text`, `channel_paused`, `refused`, `gave_up`, `expired`, `replayed`, `sent`, `found` (an
             *     earlier try had arrived). More may come.
             */
            step: string;
        };
        /**
         * @description A post's own message, an alert that it does unusually well, or a digest that it was part of.
         * @enum {string}
         */
        DeliveryKind: "announcement" | "breakout" | "digest";
        DeliveryList: {
            items: components["schemas"]["Delivery"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /**
         * @example {
         *       "deliveryId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
         *     }
         */
        DeliveryReplay: {
            deliveryId?: components["schemas"]["Uuid"];
        };
        /**
         * @description `pending` → `sending` → `sent`, or `retry` (will be tried again), `dead` (given up), `skipped` (a rule said no).
         * @enum {string}
         */
        DeliveryState: "pending" | "sending" | "sent" | "retry" | "dead" | "skipped";
        /** @enum {string} */
        Digest: "off" | "hourly" | "daily";
        /**
         * @description Discord API docs: Webhook Events, Interactions.
         * @example {
         *       "type": 0
         *     }
         */
        DiscordEvent: {
            type: number;
        } & {
            [key: string]: unknown;
        };
        DiscordPong: {
            /** @example 1 */
            type: number;
        };
        /** @description Server-sent events (WHATWG HTML §9.2); see `x-events`. */
        EventStream: string;
        Export: {
            /**
             * Format: int64
             * @description Size of the file once it is done.
             */
            bytes: number | null;
            createdAt: components["schemas"]["Timestamp"];
            /** @description Why it failed, in a sentence. */
            error: string | null;
            /** Format: date-time */
            expiresAt: string | null;
            filters: components["schemas"]["ExportFilters"];
            format: components["schemas"]["ExportFormat"];
            id: components["schemas"]["Uuid"];
            kind: components["schemas"]["ExportKind"];
            /**
             * Format: int64
             * @description Rows written so far.
             */
            rows: number;
            state: components["schemas"]["ExportState"];
        };
        /**
         * @example {
         *       "kind": "posts",
         *       "format": "csv",
         *       "filters": {
         *         "platform": "bluesky",
         *         "from": "2026-11-01"
         *       }
         *     }
         */
        ExportCreate: {
            filters?: components["schemas"]["ExportFilters"];
            format: components["schemas"]["ExportFormat"];
            kind: components["schemas"]["ExportKind"];
        };
        /**
         * @description The filters of the list that is exported: `posts` takes brandId, groupId, accountId, platform, kind, from, to, q;
         *     `accounts` brandId, groupId, platform, state, q; `audit` actorId, action, targetType, from, to; `usage` from, to;
         *     `archive` none. Any other is 400.
         */
        ExportFilters: {
            accountId?: components["schemas"]["Uuid"];
            action?: string;
            actorId?: string;
            brandId?: components["schemas"]["Uuid"];
            from?: components["schemas"]["DateOrTime"];
            groupId?: components["schemas"]["Uuid"];
            kind?: components["schemas"]["PostKind"];
            platform?: components["schemas"]["Platform"];
            q?: string;
            state?: components["schemas"]["AccountState"];
            targetType?: string;
            to?: components["schemas"]["DateOrTime"];
        };
        /**
         * @description `csv`: UTF-8 with a byte order mark, CRLF (RFC 4180), text that would be a formula behind an apostrophe. `xlsx`: Office Open XML, text is never a formula. `jsonl`: one JSON object a line, its members named as in answers. `zip` for `archive` and for nothing else.
         * @enum {string}
         */
        ExportFormat: "csv" | "xlsx" | "jsonl" | "zip";
        /** @enum {string} */
        ExportKind: "posts" | "accounts" | "audit" | "usage" | "archive";
        ExportList: {
            items: components["schemas"]["Export"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @enum {string} */
        ExportState: "queued" | "running" | "done" | "failed" | "expired";
        Farewell: {
            /**
             * @description What became of the authorization at Discord; after `unreachable` it is to be ended in Discord's settings.
             * @enum {string}
             */
            discord: "revoked" | "none" | "unreachable";
        };
        FieldError: {
            /**
             * @description Parameter, header or dotted path in the body; `body` for the whole of it.
             * @example quietHours.start
             */
            field: string;
            /**
             * @description What is wrong with it, fit for a person.
             * @example must be at most 100
             */
            message: string;
        };
        FileBytes: string;
        FileText: string;
        FollowerCount: {
            /** Format: int64 */
            followers: number;
            measuredAt: components["schemas"]["Timestamp"];
        };
        FollowerHistory: {
            accountId: components["schemas"]["Uuid"];
            asOf: components["schemas"]["AsOf"];
            items: components["schemas"]["FollowerCount"][];
            platform: components["schemas"]["Platform"];
        };
        Group: {
            brandId: components["schemas"]["Uuid"];
            createdAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            name: string;
        };
        /**
         * @example {
         *       "name": "Creators",
         *       "brandId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
         *     }
         */
        GroupCreate: {
            brandId: components["schemas"]["Uuid"];
            name: components["schemas"]["GroupName"];
        };
        GroupList: {
            items: components["schemas"]["Group"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** @example Creators */
        GroupName: string;
        /**
         * @example {
         *       "name": "Rivals"
         *     }
         */
        GroupUpdate: {
            brandId?: components["schemas"]["Uuid"];
            name?: components["schemas"]["GroupName"];
        };
        Guild: {
            /**
             * Format: int64
             * @description How many are tracked.
             */
            accounts: number;
            /** @description What needs a manager. */
            attention: components["schemas"]["Attention"][];
            bot: components["schemas"]["GuildBot"];
            canManage: boolean;
            clientId: components["schemas"]["Uuid"];
            iconUrl: string | null;
            id: components["schemas"]["Snowflake"];
            name: string;
            permissions: components["schemas"]["Permissions"];
            tier: components["schemas"]["Tier"];
        };
        GuildBot: {
            status: components["schemas"]["BotStatus"];
        };
        GuildCounts: {
            /** Format: int64 */
            accounts: number;
            /** Format: int64 */
            brands: number;
            /** Format: int64 */
            groups: number;
            /**
             * Format: int64
             * @description Posts published in the last 30 days.
             */
            posts30d: number;
        };
        GuildDeletion: {
            /** Format: date-time */
            deletesAt: string | null;
            /** @description How long a deletion can be undone. */
            graceDays: number;
            /** Format: date-time */
            requestedAt: string | null;
            /** @description Discord id of who asked for it, `operator`, or `deleted` for somebody who has left. */
            requestedBy: string | null;
            scheduled: boolean;
        };
        GuildDetail: {
            /** @description What needs a manager. */
            attention: components["schemas"]["Attention"][];
            bot: components["schemas"]["GuildBot"];
            canManage: boolean;
            clientId: components["schemas"]["Uuid"];
            counts: components["schemas"]["GuildCounts"];
            createdAt: components["schemas"]["Timestamp"];
            iconUrl: string | null;
            id: components["schemas"]["Snowflake"];
            limits: components["schemas"]["Limits"];
            name: string;
            permissions: components["schemas"]["Permissions"];
            settings: components["schemas"]["GuildSettings"];
            suspension: components["schemas"]["Suspension"] | null;
            tier: components["schemas"]["Tier"];
        };
        GuildList: {
            items: components["schemas"]["Guild"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        GuildPlan: {
            /**
             * Format: date-time
             * @description When the plan ends by itself, such as after it was cancelled.
             */
            endsAt: string | null;
            grace: components["schemas"]["PlanGrace"] | null;
            limits: components["schemas"]["Limits"];
            paused: components["schemas"]["PlanAccounts"];
            /** @description All there are, the smallest first. */
            plans: components["schemas"]["PlanOption"][];
            /**
             * Format: uri
             * @description Where a plan that was bought by card is changed or ended.
             */
            portalUrl: string | null;
            quotas: components["schemas"]["Quota"][];
            /** Format: date-time */
            since: string;
            source: components["schemas"]["PlanSource"];
            tier: components["schemas"]["Tier"];
        };
        GuildSettings: {
            /**
             * Format: double
             * @description Alert when a post passes this times the account's median at its age; null is off.
             */
            breakoutFactor: number | null;
            dashboardAccess: components["schemas"]["DashboardAccess"];
            defaultChannelId: string | null;
            digest: components["schemas"]["Digest"];
            /** @example #5865f2 */
            embedColor: string;
            /**
             * @description BCP 47.
             * @example en-GB
             */
            locale: string;
            mentionRoleId: string | null;
            notificationsEnabled: boolean;
            quietHours: components["schemas"]["QuietHours"] | null;
            /**
             * @description IANA name.
             * @example Europe/Berlin
             */
            timezone: string;
            /** @description On Mondays at 09:00 a message about each brand that had posts in the week, where the brand's own routes go, else in the default channel. */
            weeklyScorecard: boolean;
        };
        /**
         * @example {
         *       "timezone": "Europe/Berlin",
         *       "locale": "en-GB",
         *       "notificationsEnabled": true,
         *       "defaultChannelId": "197038439483310087",
         *       "mentionRoleId": null,
         *       "quietHours": {
         *         "start": "22:00",
         *         "end": "07:30"
         *       },
         *       "digest": "off",
         *       "dashboardAccess": "members",
         *       "embedColor": "#5865f2",
         *       "breakoutFactor": 3,
         *       "weeklyScorecard": true
         *     }
         */
        GuildSettingsReplacement: {
            /**
             * Format: double
             * @description Alert when a post passes this times the account's median at its age; null is off.
             */
            breakoutFactor: number | null;
            dashboardAccess: components["schemas"]["DashboardAccess"];
            defaultChannelId: string | null;
            digest: components["schemas"]["Digest"];
            /** @example #5865f2 */
            embedColor: string;
            /**
             * @description BCP 47.
             * @example en-GB
             */
            locale: string;
            mentionRoleId: string | null;
            notificationsEnabled: boolean;
            quietHours: components["schemas"]["QuietHours"] | null;
            /**
             * @description IANA name.
             * @example Europe/Berlin
             */
            timezone: string;
            /** @description On Mondays at 09:00 a message about each brand that had posts in the week, where the brand's own routes go, else in the default channel. Without it as it was. */
            weeklyScorecard?: boolean;
        };
        GuildStatus: {
            bot: components["schemas"]["BotHealth"];
            checkedAt: components["schemas"]["Timestamp"];
            queue: components["schemas"]["QueueStates"];
            /** @description The platforms the guild tracks. */
            sources: components["schemas"]["SourceStatus"][];
        };
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        HeldAction: {
            /** @example settings.updated */
            action: string;
            /** @description The name at that time. */
            actorName: string;
            createdAt: components["schemas"]["Timestamp"];
            guildId: components["schemas"]["Snowflake"];
            ipAddress: string | null;
            source: components["schemas"]["AuditSource"];
            targetType: string;
            userAgent: string;
        };
        /** @description The authorization at Discord; its tokens are stored sealed. */
        HeldGrant: {
            expiresAt: components["schemas"]["Timestamp"];
            scope: string;
            updatedAt: components["schemas"]["Timestamp"];
        };
        HeldGuild: {
            confirmedAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Snowflake"];
            /** Format: date-time */
            lastUsedAt: string | null;
            name: string;
            owner: boolean;
            permissions: components["schemas"]["Permissions"];
        };
        HeldProfile: {
            avatarHash: string | null;
            createdAt: components["schemas"]["Timestamp"];
            globalName: string | null;
            /**
             * Format: date-time
             * @description When Discord last told the list of guilds.
             */
            guildsConfirmedAt: string | null;
            id: components["schemas"]["Snowflake"];
            updatedAt: components["schemas"]["Timestamp"];
            username: string;
        };
        HeldSession: {
            createdAt: components["schemas"]["Timestamp"];
            /** Format: date-time */
            endedAt: string | null;
            endedReason: string | null;
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            ipAddress: string | null;
            lastUsedAt: components["schemas"]["Timestamp"];
            userAgent: string;
        };
        HeldSignIn: {
            createdAt: components["schemas"]["Timestamp"];
            ipAddress: string | null;
            userAgent: string;
        };
        ImportLine: {
            accountId: components["schemas"]["Uuid"] | null;
            line: number;
            /** @description What is wrong with a line that failed, or worth knowing of another. */
            message: string | null;
            status: components["schemas"]["ImportLineStatus"];
        };
        /** @enum {string} */
        ImportLineStatus: "created" | "exists" | "failed";
        ImportReport: {
            created: number;
            existing: number;
            failed: number;
            lines: components["schemas"]["ImportLine"][];
        };
        Keyword: string;
        /** @description What the tier allows. */
        Limits: {
            /** Format: int64 */
            accounts: number;
            /** Format: int64 */
            brands: number;
            /** Format: int64 */
            exportRows: number;
            /** Format: int64 */
            historyDays: number;
            /** Format: int64 */
            minPollIntervalSeconds: number;
            /** Format: int64 */
            notificationsPerDay: number;
            /** Format: int64 */
            requestsPerMinute: number;
        };
        /**
         * @example {
         *       "code": "Zk3vQ9yT0b7mX2cR5nW8sA1d",
         *       "verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
         *     }
         */
        LoginCodeExchange: {
            /** @description The login code. */
            code: string;
            /** @description The PKCE verifier of the challenge (RFC 7636 §4.1). */
            verifier: string;
        };
        /**
         * @description What `error` on the dashboard's login page may say.
         * @enum {string}
         */
        LoginError: "access_denied" | "invalid_state" | "expired" | "no_guilds" | "discord_unavailable" | "rate_limited" | "internal";
        /**
         * @example {
         *       "refreshToken": "tb_rt_AQGTVzp-HHxejVA_H50bLD0AAAAB"
         *     }
         */
        LogoutRequest: {
            /** @description End every session of the user. */
            all?: boolean;
            refreshToken?: string;
        };
        Me: {
            guilds: components["schemas"]["MeGuild"][];
            session: components["schemas"]["CurrentSession"];
            user: components["schemas"]["User"];
        };
        MeGuild: {
            canManage: boolean;
            clientId: components["schemas"]["Uuid"];
            iconUrl: string | null;
            id: components["schemas"]["Snowflake"];
            name: string;
            permissions: components["schemas"]["Permissions"];
        };
        MetricSnapshot: {
            /**
             * Format: int64
             * @description How old the post was then.
             */
            ageSeconds: number;
            /** Format: int64 */
            comments: number | null;
            /** Format: int64 */
            likes: number | null;
            measuredAt: components["schemas"]["Timestamp"];
            /** Format: int64 */
            shares: number | null;
            /** Format: int64 */
            views: number | null;
        };
        /** @description `cursor` of the next page; null on the last. */
        NextCursor: string | null;
        OpenApiDocument: {
            [key: string]: unknown;
        };
        Period: {
            from: components["schemas"]["Timestamp"];
            /** @description Exclusive. */
            to: components["schemas"]["Timestamp"];
        };
        /**
         * @description Discord's permission bits as a decimal string beyond 2^53.
         * @example 2147483680
         */
        Permissions: string;
        PersonalData: {
            actions: components["schemas"]["HeldAction"][];
            /** Format: int64 */
            actionsTotal: number;
            discordGrant: components["schemas"]["HeldGrant"] | null;
            guilds: components["schemas"]["HeldGuild"][];
            madeAt: components["schemas"]["Timestamp"];
            profile: components["schemas"]["HeldProfile"];
            sessions: components["schemas"]["HeldSession"][];
            /** @description Of the last day. */
            signIns: components["schemas"]["HeldSignIn"][];
        };
        PlainText: string;
        PlanAccount: {
            displayName: string;
            handle: string;
            id: components["schemas"]["Uuid"];
            platform: components["schemas"]["Platform"];
        };
        PlanAccounts: {
            /** @description The first 100, oldest first. */
            accounts: components["schemas"]["PlanAccount"][];
            /** Format: int64 */
            total: number;
        };
        /** @description The tier before, whose limits hold until then, and the accounts that are paused then as things are. */
        PlanGrace: {
            beyond: components["schemas"]["PlanAccounts"];
            tier: components["schemas"]["Tier"];
            /**
             * Format: date-time
             * @description When the limits of the former tier end.
             */
            until: string;
        };
        PlanOption: {
            /**
             * Format: uri
             * @description Where to buy it for this guild by card.
             */
            checkoutUrl: string | null;
            /**
             * Format: uri
             * @description Where to buy it at Discord.
             */
            discordUrl: string | null;
            limits: components["schemas"]["Limits"];
            tier: components["schemas"]["Tier"];
        };
        /**
         * @description Who granted the plan; `default` for those whom nobody granted one.
         * @enum {string}
         */
        PlanSource: "default" | "operator" | "stripe" | "discord";
        /** @enum {string} */
        Platform: "rss" | "bluesky" | "mastodon" | "youtube" | "twitch" | "x" | "instagram" | "tiktok";
        /**
         * @description `auto` finds the platform from the address.
         * @enum {string}
         */
        PlatformChoice: "auto" | "rss" | "bluesky" | "mastodon" | "youtube" | "twitch" | "x" | "instagram" | "tiktok";
        PlatformInfo: {
            /** @description Accounts of it can be tracked here. */
            available: boolean;
            /** @description What to type to track an account. */
            examples: string[];
            /** @description It tells how many follow an account. */
            followers: boolean;
            /** @description The kinds of posts that may come. */
            kinds: components["schemas"]["PostKind"][];
            /** @description What its posts are measured by. The others stay null. */
            metrics: components["schemas"]["PlatformMetric"][];
            /** @description How long the platform itself wants between two polls of an account; the plan may want longer. */
            minPollSeconds: number;
            /** @description It is read with keys of the installation. */
            needsKey: boolean;
            platform: components["schemas"]["Platform"];
            /** @description It tells of new posts at once; otherwise they are found by polling. */
            push: boolean;
            /** @description Why not and what to do; null when it is available. */
            reason: string | null;
        };
        PlatformList: {
            items: components["schemas"]["PlatformInfo"][];
        };
        /** @enum {string} */
        PlatformMetric: "views" | "likes" | "comments" | "shares";
        /** @description The figures that the platform has. What it lacks is null in every measurement and will stay so. */
        PlatformOffers: {
            comments: boolean;
            likes: boolean;
            shares: boolean;
            views: boolean;
        };
        Post: {
            accountId: components["schemas"]["Uuid"];
            asOf: components["schemas"]["AsOf"];
            authorName: string | null;
            /** @description Plain text. */
            body: string | null;
            brandId: components["schemas"]["Uuid"];
            delivery: components["schemas"]["PostDelivery"];
            /** Format: date-time */
            editedAt: string | null;
            /** @description The platform's id of it. */
            externalId: string;
            firstSeenAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            kind: components["schemas"]["PostKind"];
            metrics: components["schemas"]["PostMetrics"];
            platform: components["schemas"]["Platform"];
            publishedAt: components["schemas"]["Timestamp"];
            /** Format: date-time */
            removedAt: string | null;
            thumbnailUrl: string | null;
            title: string | null;
            url: string | null;
        };
        /**
         * @description One delivery standing for all of the post's: of several the one that needs most attention, in the order dead,
         *     retry, sending, pending, sent, skipped.
         */
        PostDelivery: {
            /** Format: date-time */
            deliveredAt: string | null;
            messageUrl: string | null;
            /** @description Why it was not sent, in a sentence. */
            reason: string | null;
            state: components["schemas"]["PostDeliveryState"];
        };
        /**
         * @description Those of a delivery, and `none` for a post that has no delivery, such as one of the baseline.
         * @enum {string}
         */
        PostDeliveryState: "none" | "pending" | "sending" | "sent" | "retry" | "dead" | "skipped";
        /** @enum {string} */
        PostKind: "post" | "video" | "short" | "live" | "reply" | "repost";
        PostList: {
            asOf: components["schemas"]["AsOf"];
            items: components["schemas"]["Post"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        PostMetricHistory: {
            asOf: components["schemas"]["AsOf"];
            items: components["schemas"]["MetricSnapshot"][];
            /**
             * Format: date-time
             * @description Null when there will be none. One that has passed is due.
             */
            nextMeasurementAt: string | null;
            offers: components["schemas"]["PlatformOffers"];
            platform: components["schemas"]["Platform"];
            postId: components["schemas"]["Uuid"];
            publishedAt: components["schemas"]["Timestamp"];
        };
        /** @description The latest measurement. Null is what the platform does not offer. */
        PostMetrics: {
            /** Format: int64 */
            comments: number | null;
            /** Format: int64 */
            likes: number | null;
            /** Format: date-time */
            measuredAt: string | null;
            /** Format: int64 */
            shares: number | null;
            /** Format: int64 */
            views: number | null;
        };
        /** @enum {string} */
        PostSort: "publishedAt" | "views" | "likes";
        PreviewEmbed: {
            authorName: string | null;
            color: string | null;
            description: string | null;
            footer: string | null;
            imageUrl: string | null;
            /** Format: date-time */
            timestamp: string | null;
            title: string | null;
            url: string | null;
        };
        /** @description RFC 9457 problem document. */
        Problem: {
            code: components["schemas"]["ProblemCode"];
            /** @description What to know about this occurrence, fit for a person. */
            detail?: string;
            /** @description With `validation_failed` only. */
            errors?: components["schemas"]["FieldError"][];
            /** @description Names this request in our log. */
            requestId: string;
            status: number;
            /** @description The kind of problem in words; the same for a `code`. */
            title: string;
            /**
             * Format: uri-reference
             * @description Where this kind of problem is explained.
             * @example /api/v1/docs#not_found
             */
            type: string;
        };
        /**
         * @description | code | status | meaning |
         *     |---|---|---|
         *     | `unauthenticated` | 401 | no credentials, or none that count here |
         *     | `token_expired` | 401 | refresh the access token |
         *     | `session_revoked` | 401 | sign in again |
         *     | `refresh_race` | 401 | another call rotated the token; keep what you have |
         *     | `forbidden` | 403 | you may read, not change |
         *     | `tier_limit` | 403 | the tier's number is used up |
         *     | `not_found` | 404 | nothing here, or not yours to see |
         *     | `method_not_allowed` | 405 | see `Allow` |
         *     | `not_acceptable` | 406 | none of the media types you accept |
         *     | `conflict` | 409 | it does not fit what is there |
         *     | `precondition_failed` | 412 | changed meanwhile; read it again |
         *     | `payload_too_large` | 413 | the body is over 1 MiB |
         *     | `unsupported_media_type` | 415 | not a media type this call takes |
         *     | `range_not_satisfiable` | 416 | the file has no such part; see `Content-Range` |
         *     | `validation_failed` | 400 | see `errors` |
         *     | `precondition_required` | 428 | `If-Match` is missing |
         *     | `rate_limited` | 429 | wait as `Retry-After` says |
         *     | `internal` | 500 | our fault; quote the request id |
         *     | `not_implemented` | 501 | not set up at this installation, such as a webhook without its secret |
         *     | `unavailable` | 503 | something we need does not answer; try again |
         *     | `permission_check_unavailable` | 503 | Discord does not answer; changes wait, reads go on |
         * @enum {string}
         */
        ProblemCode: "unauthenticated" | "token_expired" | "session_revoked" | "refresh_race" | "forbidden" | "not_found" | "method_not_allowed" | "not_acceptable" | "unsupported_media_type" | "range_not_satisfiable" | "validation_failed" | "precondition_required" | "precondition_failed" | "conflict" | "tier_limit" | "rate_limited" | "payload_too_large" | "unavailable" | "permission_check_unavailable" | "not_implemented" | "internal";
        QueueState: {
            /**
             * Format: int64
             * @description What is due and waits.
             */
            depth: number;
            /**
             * Format: int64
             * @description How long the oldest has waited; 0 when nothing does.
             */
            oldestSeconds: number;
        };
        QueueStates: {
            export: components["schemas"]["QueueState"];
            notify: components["schemas"]["QueueState"];
            poll: components["schemas"]["QueueState"];
        };
        /** @description No announcement between these times of the guild's time zone; over midnight if `end` is before `start`. */
        QuietHours: {
            /** @example 07:30 */
            end: string;
            /** @example 22:00 */
            start: string;
        };
        Quota: {
            /** Format: int64 */
            limit: number;
            name: components["schemas"]["QuotaName"];
            /**
             * Format: date-time
             * @description When `used` begins anew; null when it never does.
             */
            resetsAt: string | null;
            /** Format: int64 */
            used: number;
        };
        /**
         * @description `accounts` and `brands` there are now, without what the tier has paused · `notificationsPerDay` sent today, a UTC
         *     day · `exportRows` of the largest export there is, since the limit is one of each export · `requestsPerMinute` of the
         *     API: the part of the budget, which fills up at this rate, that is used up at the moment.
         * @enum {string}
         */
        QuotaName: "accounts" | "brands" | "notificationsPerDay" | "exportRows" | "requestsPerMinute";
        /**
         * @example {
         *       "refreshToken": "tb_rt_AQGTVzp-HHxejVA_H50bLD0AAAAB"
         *     }
         */
        RefreshRequest: {
            refreshToken: string;
        };
        Role: {
            color: string | null;
            id: components["schemas"]["Snowflake"];
            /** @description Everybody may mention it. For another the bot needs Discord's permission to mention everyone. */
            mentionable: boolean;
            name: string;
        };
        RoleList: {
            /**
             * Format: date-time
             * @description Up to when the bot has followed them.
             */
            asOf: string | null;
            items: components["schemas"]["Role"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        Route: {
            accountId: components["schemas"]["Uuid"] | null;
            brandId: components["schemas"]["Uuid"] | null;
            channelId: components["schemas"]["Snowflake"];
            createdAt: components["schemas"]["Timestamp"];
            exclude: components["schemas"]["Keyword"][];
            groupId: components["schemas"]["Uuid"] | null;
            id: components["schemas"]["Uuid"];
            include: components["schemas"]["Keyword"][];
            kinds: components["schemas"]["PostKind"][];
            mentionRoleId: string | null;
            state: components["schemas"]["RouteState"];
            /** @description Why it is paused, in a sentence: by a manager, or because Discord refused its channel. */
            stateReason: string | null;
            template: string | null;
        };
        /**
         * @example {
         *       "brandId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d",
         *       "channelId": "197038439483310087",
         *       "kinds": [
         *         "post",
         *         "video"
         *       ]
         *     }
         */
        RouteCreate: {
            accountId?: components["schemas"]["Uuid"];
            brandId?: components["schemas"]["Uuid"];
            channelId: components["schemas"]["Snowflake"];
            /** @description No post with one of these. */
            exclude?: components["schemas"]["Keyword"][];
            groupId?: components["schemas"]["Uuid"];
            /** @description Only posts with one of these; empty is all. */
            include?: components["schemas"]["Keyword"][];
            /** @description Default: all but `reply` and `repost`. */
            kinds?: components["schemas"]["PostKind"][];
            mentionRoleId?: string | null;
            template?: components["schemas"]["RouteTemplate"];
        };
        /**
         * @description One of `accountId`, `groupId` and `brandId`.
         * @example {
         *       "brandId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d",
         *       "template": "New on {platform}: **{title}**"
         *     }
         */
        RouteDraft: {
            accountId?: components["schemas"]["Uuid"];
            brandId?: components["schemas"]["Uuid"];
            exclude?: components["schemas"]["Keyword"][];
            groupId?: components["schemas"]["Uuid"];
            include?: components["schemas"]["Keyword"][];
            /** @description Default: all but `reply` and `repost`. */
            kinds?: components["schemas"]["PostKind"][];
            mentionRoleId?: string | null;
            postId?: components["schemas"]["Uuid"];
            template?: components["schemas"]["RouteTemplate"];
        };
        RouteList: {
            items: components["schemas"]["Route"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        RoutePreview: {
            content: string | null;
            embeds: components["schemas"]["PreviewEmbed"][];
            postId: components["schemas"]["Uuid"];
            /** @description Why it would not be sent, in a sentence. */
            reason: string | null;
            wouldSend: boolean;
        };
        /**
         * @example {
         *       "postId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
         *     }
         */
        RoutePreviewRequest: {
            exclude?: components["schemas"]["Keyword"][];
            include?: components["schemas"]["Keyword"][];
            kinds?: components["schemas"]["PostKind"][];
            mentionRoleId?: string | null;
            postId?: components["schemas"]["Uuid"];
            template?: components["schemas"]["RouteTemplate"];
        };
        /** @enum {string} */
        RouteState: "active" | "paused";
        /**
         * @description Text above the embed, in Discord's markdown, with the placeholders `{account}` `{author}` `{title}` `{text}` (an
         *     excerpt) `{url}` `{platform}` `{kind}` `{published}` (relative time); any other name in braces is 400. What a post
         *     fills in is escaped, and nothing but the route's role is pinged. A digest has no such text.
         */
        RouteTemplate: string | null;
        /**
         * @example {
         *       "state": "active"
         *     }
         */
        RouteUpdate: {
            channelId?: components["schemas"]["Snowflake"];
            exclude?: components["schemas"]["Keyword"][];
            include?: components["schemas"]["Keyword"][];
            kinds?: components["schemas"]["PostKind"][];
            mentionRoleId?: string | null;
            state?: components["schemas"]["RouteState"];
            template?: components["schemas"]["RouteTemplate"];
        };
        Scorecard: {
            accounts: components["schemas"]["ScorecardAccount"][];
            asOf: components["schemas"]["AsOf"];
            brandName: string;
            expiresAt: components["schemas"]["Timestamp"];
            /**
             * Format: int64
             * @description Of the accounts whose platform tells them.
             */
            followers: number | null;
            guildName: string;
            /** @description The seven days up to the last midnight of the guild's time zone. */
            period: components["schemas"]["Period"];
            /**
             * Format: int64
             * @description Of those known when the period began.
             */
            previousFollowers: number | null;
            previousPeriod: components["schemas"]["Period"];
            previousSeries: components["schemas"]["AnalyticsPoint"][];
            previousTotals: components["schemas"]["AnalyticsFigures"];
            series: components["schemas"]["AnalyticsPoint"][];
            /** @description Those with most reactions. */
            topPosts: components["schemas"]["ScorecardPost"][];
            totals: components["schemas"]["AnalyticsFigures"];
        };
        ScorecardAccount: {
            avatarUrl: string | null;
            displayName: string | null;
            /** Format: int64 */
            followers: number | null;
            handle: string;
            platform: components["schemas"]["Platform"];
            /**
             * Format: int64
             * @description When the period began; null when that is not known.
             */
            previousFollowers: number | null;
            previousTotals: components["schemas"]["AnalyticsFigures"];
            totals: components["schemas"]["AnalyticsFigures"];
            url: string;
        };
        ScorecardPost: {
            /** @description Plain text. */
            body: string | null;
            /** Format: int64 */
            comments: number | null;
            kind: components["schemas"]["PostKind"];
            /** Format: int64 */
            likes: number | null;
            platform: components["schemas"]["Platform"];
            publishedAt: components["schemas"]["Timestamp"];
            /** Format: int64 */
            shares: number | null;
            thumbnailUrl: string | null;
            title: string | null;
            url: string | null;
            /** Format: int64 */
            views: number | null;
        };
        Session: {
            createdAt: components["schemas"]["Timestamp"];
            /** @description The session of this call. */
            current: boolean;
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            ipAddress: string | null;
            /** Format: date-time */
            lastUsedAt: string | null;
            userAgent: string | null;
        };
        SessionList: {
            items: components["schemas"]["Session"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /** Format: int32 */
        ShardId: number;
        Share: {
            brandId: components["schemas"]["Uuid"];
            createdAt: components["schemas"]["Timestamp"];
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            /** Format: date-time */
            lastViewedAt: string | null;
        };
        /**
         * @example {
         *       "brandId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
         *     }
         */
        ShareCreate: {
            brandId: components["schemas"]["Uuid"];
            /** @description At most a year from now; without it in 30 days. */
            expiresAt?: components["schemas"]["Timestamp"];
        };
        ShareCreated: {
            brandId: components["schemas"]["Uuid"];
            createdAt: components["schemas"]["Timestamp"];
            expiresAt: components["schemas"]["Timestamp"];
            id: components["schemas"]["Uuid"];
            /** Format: date-time */
            lastViewedAt: string | null;
            /** @description Shown this once. */
            token: string;
            /** @description The page on the dashboard. */
            url: string;
        };
        ShareList: {
            items: components["schemas"]["Share"][];
            nextCursor: components["schemas"]["NextCursor"];
        };
        /**
         * @description A Discord id.
         * @example 197038439483310086
         */
        Snowflake: string;
        /**
         * @description `incident`: most accounts of the platform fail at once.
         * @enum {string}
         */
        SourceState: "ok" | "incident";
        SourceStatus: {
            /**
             * Format: int64
             * @description Accounts of the guild that wait for the platform.
             */
            accounts: number;
            platform: components["schemas"]["Platform"];
            /** @description What fails, in a sentence; null when nothing does. */
            reason: string | null;
            /**
             * Format: date-time
             * @description Since when; null when it was never otherwise.
             */
            since: string | null;
            state: components["schemas"]["SourceState"];
        };
        /**
         * @description Stripe API docs: Event.
         * @example {
         *       "id": "evt_1",
         *       "type": "customer.subscription.updated"
         *     }
         */
        StripeEvent: {
            id: string;
            type: string;
        } & {
            [key: string]: unknown;
        };
        /** @description Since when and why the operator has suspended the guild; null in its place while it is served. */
        Suspension: {
            reason: string;
            since: components["schemas"]["Timestamp"];
        };
        /** @enum {string} */
        Tier: "free" | "pro" | "enterprise";
        /**
         * Format: date-time
         * @description RFC 3339 in UTC with milliseconds.
         * @example 2026-11-22T20:13:00.000Z
         */
        Timestamp: string;
        TokenPair: {
            accessToken: string;
            /**
             * @description Seconds the access token lives.
             * @example 900
             */
            expiresIn: number;
            refreshExpiresAt: components["schemas"]["Timestamp"];
            refreshToken: string;
            /** @enum {string} */
            tokenType: "Bearer";
        };
        Usage: {
            limits: components["schemas"]["Limits"];
            period: components["schemas"]["Period"];
            /** @description What is used of the limits now, whatever the period. */
            quotas: components["schemas"]["Quota"][];
            /** @description One a day, days without use included. */
            series: components["schemas"]["UsageDay"][];
            tier: components["schemas"]["Tier"];
            totals: components["schemas"]["UsageFigures"];
        };
        UsageDay: {
            /** Format: int64 */
            apiRequests: number;
            /**
             * Format: int64
             * @description Beyond the budgets of guild and keys. From 100 a day on those who manage the guild are told once.
             */
            apiRequestsRefused: number;
            date: components["schemas"]["Date"];
            /** Format: int64 */
            exports: number;
            /** Format: int64 */
            notificationsSent: number;
            /** Format: int64 */
            polls: number;
            /** Format: int64 */
            postsTracked: number;
        };
        UsageFigures: {
            /** Format: int64 */
            apiRequests: number;
            /**
             * Format: int64
             * @description Beyond the budgets of guild and keys. From 100 a day on those who manage the guild are told once.
             */
            apiRequestsRefused: number;
            /** Format: int64 */
            exports: number;
            /** Format: int64 */
            notificationsSent: number;
            /** Format: int64 */
            polls: number;
            /** Format: int64 */
            postsTracked: number;
        };
        User: {
            avatarUrl: string | null;
            globalName: string | null;
            id: components["schemas"]["Snowflake"];
            username: string;
        };
        /**
         * Format: uuid
         * @description One of our ids.
         * @example 0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d
         */
        Uuid: string;
        /** @enum {string} */
        WebSubMode: "subscribe" | "unsubscribe" | "denied";
    };
    responses: {
        /** @description `conflict`: it does not fit what is there. */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `forbidden`: you may read, not change. `tier_limit`: the tier's number is used up. */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description On to the next address. */
        LoginRedirect: {
            headers: {
                /** @description Where to. */
                Location: string;
                /** @description The flow's one-time cookie: `__Host-`, Secure, HttpOnly, SameSite=Lax. */
                "Set-Cookie"?: string;
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description `not_found`: it does not exist, is another tenant's, or cannot exist. */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/docs#not_found",
                 *       "title": "Not found",
                 *       "status": 404,
                 *       "code": "not_found",
                 *       "detail": "There is nothing here, or it is not yours to see.",
                 *       "requestId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What you have is still right. No body. */
        NotModified: {
            headers: {
                ETag: components["headers"]["ETag"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content?: never;
        };
        /** @description `payload_too_large`: the body is over 1 MiB. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition_failed`: somebody changed it meanwhile; read it again. */
        PreconditionFailed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `precondition_required`: `If-Match` is missing. */
        PreconditionRequired: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /**
         * @description Any other refusal: 405 `method_not_allowed` with `Allow`, 406 `not_acceptable`, 500 `internal`, 501
         *     `not_implemented`, 503 `unavailable` or `permission_check_unavailable` (with `Retry-After`).
         */
        Problem: {
            headers: {
                Allow: components["headers"]["Allow"];
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `range_not_satisfiable`: the range lies outside the file, whose size `Content-Range` tells (RFC 9110 §15.5.17). */
        RangeNotSatisfiable: {
            headers: {
                /** @description `bytes *\/` and the size of the file (RFC 9110 §14.4). */
                "Content-Range"?: string;
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `rate_limited`: wait as `Retry-After` says. */
        RateLimited: {
            headers: {
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unauthenticated`, `token_expired`, `session_revoked` or `refresh_race`. */
        Unauthorized: {
            headers: {
                "WWW-Authenticate": components["headers"]["WwwAuthenticate"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `unsupported_media_type`: the body's media type is not one of those listed, or it is encoded. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `validation_failed`: `errors` names each faulty input. */
        ValidationFailed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "/api/v1/docs#validation_failed",
                 *       "title": "Invalid request",
                 *       "status": 400,
                 *       "code": "validation_failed",
                 *       "detail": "The request has invalid values.",
                 *       "requestId": "0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d",
                 *       "errors": [
                 *         {
                 *           "field": "limit",
                 *           "message": "must be at most 100"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        AccountId: components["schemas"]["Uuid"];
        /** @description Which bot calls; the built-in one is `main`. */
        BotId: components["schemas"]["BotId"];
        /** @description Only what belongs to this brand. */
        BrandFilter: components["schemas"]["Uuid"];
        BrandId: components["schemas"]["Uuid"];
        /** @description `nextCursor` of the page before. */
        Cursor: string;
        ExportId: components["schemas"]["Uuid"];
        /** @description Inclusive. A date means its first moment in the guild's time zone. */
        From: components["schemas"]["DateOrTime"];
        /** @description Only what belongs to this group. */
        GroupFilter: components["schemas"]["Uuid"];
        GroupId: components["schemas"]["Uuid"];
        /** @description Discord's id of the guild. */
        GuildId: components["schemas"]["Snowflake"];
        /** @description The same key makes a retry harmless. */
        IdempotencyKey: string;
        /**
         * @description The `ETag` the change is based on; `*` is not taken. Missing: 428.
         * @example W/"v3.q2hGm0Jt5vY"
         */
        IfMatch: string;
        /** @description `ETag`s at hand; 304 if one of them still fits. */
        IfNoneMatch: string;
        KeyId: components["schemas"]["Uuid"];
        /** @description Most items of a page. */
        Limit: number;
        /** @description Only this platform. */
        PlatformFilter: components["schemas"]["Platform"];
        PostId: components["schemas"]["Uuid"];
        RouteId: components["schemas"]["Uuid"];
        /** @description Text to look for; upper and lower case are the same. */
        Search: string;
        SessionId: components["schemas"]["Uuid"];
        ShareId: components["schemas"]["Uuid"];
        /** @example Zk3vQ9yT0b7mX2cR5nW8sA1d */
        ShareToken: string;
        /** @description Exclusive, after `from`. A date means its last moment in the guild's time zone, so that the day is included. */
        To: components["schemas"]["DateOrTime"];
        /**
         * @description The unguessable part of the callback's address.
         * @example Zk3vQ9yT0b7mX2cR5nW8sA1d
         */
        WebSubToken: string;
    };
    requestBodies: never;
    headers: {
        /**
         * @description The methods this path knows.
         * @example GET, HEAD, OPTIONS
         */
        Allow: string;
        /**
         * @description RFC 6266; the file's name.
         * @example attachment; filename="posts.csv"
         */
        ContentDisposition: string;
        /**
         * @description Weak entity tag (RFC 9110 §8.8.3).
         * @example W/"q2hGm0Jt5vY"
         */
        ETag: string;
        /**
         * @description What is left of them.
         * @example "user";r=42;t=13
         */
        RateLimit: string;
        /**
         * @description The quotas that apply.
         * @example "user";q=60;w=60
         */
        RateLimitPolicy: string;
        /**
         * @description Names this request in our log.
         * @example 0193573a-7e1c-7c5e-8d50-3f1f9d1b2c3d
         */
        RequestId: string;
        /**
         * @description Seconds to wait.
         * @example 13
         */
        RetryAfter: number;
        /**
         * @description RFC 6750 §3.
         * @example Bearer realm="trackbot", error="invalid_token"
         */
        WwwAuthenticate: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    startDiscordLogin: {
        parameters: {
            query: {
                /**
                 * @description The dashboard's PKCE challenge, base64url of a SHA-256; the verifier is asked for at `/auth/exchange`.
                 * @example E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM
                 */
                challenge: string;
                /**
                 * @description Path on the dashboard to come back to. It begins with one `/`, holds no backslash and no space.
                 * @example /guilds/197038439483310086/posts
                 */
                returnTo?: string;
                /**
                 * @description The dashboard's own state, handed back unchanged.
                 * @example k2J9s8dh3
                 */
                state: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            302: components["responses"]["LoginRedirect"];
            400: components["responses"]["ValidationFailed"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    finishDiscordLogin: {
        parameters: {
            query?: {
                /** @description Discord's authorization code. */
                code?: string;
                /** @description Discord's refusal. */
                error?: string;
                /** @description Discord's words on it. */
                error_description?: string;
                /** @description The state sent to Discord. */
                state?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            302: components["responses"]["LoginRedirect"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    exchangeLoginCode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LoginCodeExchange"];
            };
        };
        responses: {
            /** @description The first token pair of a new session. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogoutRequest"];
            };
        };
        responses: {
            /** @description The session is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Who is calling. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getMyData: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is held. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalData"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            /** @description The account is gone. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Farewell"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key makes a retry harmless. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RefreshRequest"];
            };
        };
        responses: {
            /** @description The next token pair. The session still ends 30 days after sign-in. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPair"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: components["parameters"]["SessionId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listBotGuilds: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
                /** @description Guilds are dealt to shards as Discord does. */
                shardCount?: number;
                /** @description From 0. */
                shardId?: number;
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Their ids in order. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotGuildIds"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    putBotGuild: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotGuild"];
            };
        };
        responses: {
            /** @description Known already, now up to date. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotGuildState"];
                };
            };
            /** @description A client was made for it. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotGuildState"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Problem"];
        };
    };
    deleteBotGuild: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Noted; the data stays until its retention ends. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    patchBotGuild: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotGuildChange"];
            };
        };
        responses: {
            /** @description Noted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Problem"];
        };
    };
    runBotCommand: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotCommand"];
            };
        };
        responses: {
            /** @description What the member is to see. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotReply"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Problem"];
        };
    };
    completeBotCommand: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotCommand"];
            };
        };
        responses: {
            /** @description Values that fit to what was typed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotChoices"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Problem"];
        };
    };
    getBotGuildConfig: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The configuration. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotGuildConfig"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    putBotHealth: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotHealthReport"];
            };
        };
        responses: {
            /** @description Noted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Problem"];
        };
    };
    getBotSession: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /**
                 * @description From 0.
                 * @example 0
                 */
                shardId: components["schemas"]["ShardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its place in Discord's stream of events. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotSession"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    putBotSession: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /**
                 * @description From 0.
                 * @example 0
                 */
                shardId: components["schemas"]["ShardId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotSession"];
            };
        };
        responses: {
            /** @description Noted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            default: components["responses"]["Problem"];
        };
    };
    deleteBotSession: {
        parameters: {
            query?: {
                /** @description Which bot calls; the built-in one is `main`. */
                botId?: components["parameters"]["BotId"];
            };
            header?: never;
            path: {
                /**
                 * @description From 0.
                 * @example 0
                 */
                shardId: components["schemas"]["ShardId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Forgotten. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            default: components["responses"]["Problem"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page without scripts or foreign assets. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": components["schemas"]["PlainText"];
                };
            };
            304: components["responses"]["NotModified"];
            default: components["responses"]["Problem"];
        };
    };
    listGuilds: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of guilds. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getGuild: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The guild. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildDetail"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listAccounts: {
        parameters: {
            query?: {
                /** @description Only what belongs to this brand. */
                brandId?: components["parameters"]["BrandFilter"];
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Only what belongs to this group. */
                groupId?: components["parameters"]["GroupFilter"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
                /** @description Only this platform. */
                platform?: components["parameters"]["PlatformFilter"];
                /** @description Text to look for; upper and lower case are the same. */
                q?: components["parameters"]["Search"];
                /**
                 * @description Only accounts in this state, or in one of several, by comma.
                 * @example [
                 *       "failing",
                 *       "gone"
                 *     ]
                 */
                state?: components["schemas"]["AccountStates"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of accounts. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountCreate"];
            };
        };
        responses: {
            /** @description The account. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    updateAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountUpdate"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getAccountFollowers: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The history. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FollowerHistory"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    pollAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                accountId: components["parameters"]["AccountId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account, due now. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    exportAccountsOpml: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /**
             * @description OPML 2.0, one outline a brand, within it one a group. Attributes of the namespace `urn:trackbot:accounts` keep
             *     platform and account, so that an import of the file tracks the same accounts.
             */
            200: {
                headers: {
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/x-opml": components["schemas"]["FileText"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    importAccounts: {
        parameters: {
            query?: {
                /** @description The group for lines that name none; without it the one called General, which is made if need be, else the oldest. */
                groupId?: components["schemas"]["Uuid"];
            };
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/xml": components["schemas"]["FileText"];
                "text/csv": components["schemas"]["FileText"];
                "text/x-opml": components["schemas"]["FileText"];
                "text/xml": components["schemas"]["FileText"];
            };
        };
        responses: {
            /** @description What became of each line. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportReport"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getAnalytics: {
        parameters: {
            query?: {
                /** @description Only posts of this account. */
                accountId?: components["schemas"]["Uuid"];
                /** @description Only what belongs to this brand. */
                brandId?: components["parameters"]["BrandFilter"];
                /** @description Inclusive. A date means its first moment in the guild's time zone. */
                from?: components["parameters"]["From"];
                /** @description Split by this; without it `groups` is empty. */
                groupBy?: components["schemas"]["AnalyticsGroupBy"];
                /** @description Width of a point, default `day`. */
                interval?: components["schemas"]["AnalyticsInterval"];
                /** @description Only this platform. */
                platform?: components["parameters"]["PlatformFilter"];
                /** @description Exclusive, after `from`. A date means its last moment in the guild's time zone, so that the day is included. */
                to?: components["parameters"]["To"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys, without their secrets. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyCreate"];
            };
        };
        responses: {
            /** @description The key with its secret, shown this once. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                keyId: components["parameters"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is dead. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                /** @description Only this action, such as `settings.updated`. */
                action?: string;
                /** @description Only changes by this actor. */
                actorId?: string;
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Inclusive. A date means its first moment in the guild's time zone. */
                from?: components["parameters"]["From"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
                /** @description Only this type of target, such as `account`. */
                targetType?: string;
                /** @description Exclusive, after `from`. A date means its last moment in the guild's time zone, so that the day is included. */
                to?: components["parameters"]["To"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of entries. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntryList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listBrands: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of brands. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BrandList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createBrand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BrandCreate"];
            };
        };
        responses: {
            /** @description The brand. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Brand"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteBrand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                brandId: components["parameters"]["BrandId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    updateBrand: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                brandId: components["parameters"]["BrandId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BrandUpdate"];
            };
        };
        responses: {
            /** @description The brand as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Brand"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listChannels: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of channels, in Discord's order. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getGuildDeletion: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is planned. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildDeletion"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    scheduleGuildDeletion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Confirmation"];
            };
        };
        responses: {
            /** @description What is planned. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildDeletion"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    cancelGuildDeletion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing will be deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listExports: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of exports. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key makes a retry harmless. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportCreate"];
            };
        };
        responses: {
            /** @description The export, queued. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                exportId: components["parameters"]["ExportId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The export. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Export"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteExport: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                exportId: components["parameters"]["ExportId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    downloadExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
                /** @description The `ETag` of the part fetched before. */
                "If-Range"?: string;
                /** @description One byte range (RFC 9110 §14.2). */
                Range?: string;
            };
            path: {
                exportId: components["parameters"]["ExportId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole file. */
            200: {
                headers: {
                    /** @description `bytes` */
                    "Accept-Ranges"?: string;
                    "Content-Disposition": components["headers"]["ContentDisposition"];
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": components["schemas"]["FileBytes"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["FileBytes"];
                    "application/zip": components["schemas"]["FileBytes"];
                    "text/csv": components["schemas"]["FileBytes"];
                };
            };
            /** @description The range asked for, in the same media types. */
            206: {
                headers: {
                    /** @description RFC 9110 §14.4. */
                    "Content-Range"?: string;
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": components["schemas"]["FileBytes"];
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": components["schemas"]["FileBytes"];
                    "application/zip": components["schemas"]["FileBytes"];
                    "text/csv": components["schemas"]["FileBytes"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description Only what belongs to this brand. */
                brandId?: components["parameters"]["BrandFilter"];
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GroupList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupCreate"];
            };
        };
        responses: {
            /** @description The group. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupId: components["parameters"]["GroupId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    updateGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupId: components["parameters"]["GroupId"];
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupUpdate"];
            };
        };
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getGuildPlan: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildPlan"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listPosts: {
        parameters: {
            query?: {
                /** @description Only posts of this account. */
                accountId?: components["schemas"]["Uuid"];
                /** @description Only what belongs to this brand. */
                brandId?: components["parameters"]["BrandFilter"];
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Inclusive. A date means its first moment in the guild's time zone. */
                from?: components["parameters"]["From"];
                /** @description Only what belongs to this group. */
                groupId?: components["parameters"]["GroupFilter"];
                /** @description Only posts of this kind. */
                kind?: components["schemas"]["PostKind"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
                /** @description Only this platform. */
                platform?: components["parameters"]["PlatformFilter"];
                /** @description Text to look for; upper and lower case are the same. */
                q?: components["parameters"]["Search"];
                /** @description Order, default `publishedAt`. */
                sort?: components["schemas"]["PostSort"];
                /** @description Exclusive, after `from`. A date means its last moment in the guild's time zone, so that the day is included. */
                to?: components["parameters"]["To"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of posts. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getPost: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The post. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Post"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listPostDeliveries: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of deliveries, each with its decision trail. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    replayPostDeliveries: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key makes a retry harmless. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeliveryReplay"];
            };
        };
        responses: {
            /** @description The deliveries, waiting again. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getPostMetrics: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                postId: components["parameters"]["PostId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The history. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostMetricHistory"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listRoles: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of roles, highest first. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoleList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listRoutes: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of routes. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RouteList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteCreate"];
            };
        };
        responses: {
            /** @description The route. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                routeId: components["parameters"]["RouteId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    updateRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                routeId: components["parameters"]["RouteId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteUpdate"];
            };
        };
        responses: {
            /** @description The route as it is now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    previewRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                routeId: components["parameters"]["RouteId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RoutePreviewRequest"];
            };
        };
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoutePreview"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    previewNewRoute: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RouteDraft"];
            };
        };
        responses: {
            /** @description The message. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoutePreview"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    replaceGuildSettings: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description The `ETag` the change is based on; `*` is not taken. Missing: 428.
                 * @example W/"v3.q2hGm0Jt5vY"
                 */
                "If-Match": components["parameters"]["IfMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GuildSettingsReplacement"];
            };
        };
        responses: {
            /** @description The guild with the new settings. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildDetail"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    listShares: {
        parameters: {
            query?: {
                /** @description `nextCursor` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Most items of a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of shares, without their tokens. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareList"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    createShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShareCreate"];
            };
        };
        responses: {
            /** @description The share with its token, shown this once. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShareCreated"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    deleteShare: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
                shareId: components["parameters"]["ShareId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link is dead. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getGuildStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The state now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GuildStatus"];
                };
            };
            304: components["responses"]["NotModified"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    streamGuildStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event seen. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["EventStream"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getGuildUsage: {
        parameters: {
            query?: {
                /** @description The first day. */
                from?: components["schemas"]["DateOrTime"];
                /** @description The last day, not before `from`; of a time at midnight the day before. */
                to?: components["schemas"]["DateOrTime"];
            };
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @description Discord's id of the guild. */
                guildId: components["parameters"]["GuildId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The use of the period. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimitPolicy"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            304: components["responses"]["NotModified"];
            400: components["responses"]["ValidationFailed"];
            401: components["responses"]["Unauthorized"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It answers, whatever its database does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 as JSON. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenApiDocument"];
                };
            };
            304: components["responses"]["NotModified"];
            default: components["responses"]["Problem"];
        };
    };
    listPlatforms: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platforms. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformList"];
                };
            };
            304: components["responses"]["NotModified"];
            default: components["responses"]["Problem"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Database and migrations are as they should be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
    getSharedScorecard: {
        parameters: {
            query?: never;
            header?: {
                /** @description `ETag`s at hand; 304 if one of them still fits. */
                "If-None-Match"?: components["parameters"]["IfNoneMatch"];
            };
            path: {
                /** @example Zk3vQ9yT0b7mX2cR5nW8sA1d */
                token: components["parameters"]["ShareToken"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The scorecard of the last seven whole days, beside the seven before. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scorecard"];
                };
            };
            304: components["responses"]["NotModified"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["RateLimited"];
            default: components["responses"]["Problem"];
        };
    };
    receiveDiscordWebhook: {
        parameters: {
            query?: never;
            header?: {
                "X-Signature-Ed25519"?: string;
                "X-Signature-Timestamp"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DiscordEvent"];
            };
        };
        responses: {
            /** @description The answer to a PING of interactions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DiscordPong"];
                };
            };
            /** @description Received. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            default: components["responses"]["Problem"];
        };
    };
    receiveStripeWebhook: {
        parameters: {
            query?: never;
            header?: {
                "Stripe-Signature"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StripeEvent"];
            };
        };
        responses: {
            /** @description Received. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            413: components["responses"]["PayloadTooLarge"];
            default: components["responses"]["Problem"];
        };
    };
    verifyWebSub: {
        parameters: {
            query: {
                /** @description Missing when the hub denies. */
                "hub.challenge"?: string;
                /** @description Taken within an hour and 30 days. */
                "hub.lease_seconds"?: number;
                "hub.mode": components["schemas"]["WebSubMode"];
                "hub.reason"?: string;
                "hub.topic": string;
            };
            header?: never;
            path: {
                /**
                 * @description The unguessable part of the callback's address.
                 * @example Zk3vQ9yT0b7mX2cR5nW8sA1d
                 */
                token: components["parameters"]["WebSubToken"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The challenge, verbatim. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": components["schemas"]["PlainText"];
                };
            };
            400: components["responses"]["ValidationFailed"];
            404: components["responses"]["NotFound"];
            default: components["responses"]["Problem"];
        };
    };
    receiveWebSub: {
        parameters: {
            query?: never;
            header?: {
                "X-Hub-Signature"?: string;
            };
            path: {
                /**
                 * @description The unguessable part of the callback's address.
                 * @example Zk3vQ9yT0b7mX2cR5nW8sA1d
                 */
                token: components["parameters"]["WebSubToken"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": components["schemas"]["FileBytes"];
            };
        };
        responses: {
            /** @description Received. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            default: components["responses"]["Problem"];
        };
    };
}
