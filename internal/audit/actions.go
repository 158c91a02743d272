package audit

// Action says what was done, as "<target>.<verb>". The list is closed.
type Action string

// The actions.
const (
	GuildJoined       Action = "guild.joined"
	GuildRejoined     Action = "guild.rejoined"
	GuildRemoved      Action = "guild.removed"
	GuildRenamed      Action = "guild.renamed"
	GuildOwnerChanged Action = "guild.owner_changed"
	GuildPurged       Action = "guild.purged" // its data was deleted, some time after its removal

	GuildSuspended Action = "guild.suspended" // by the operator
	GuildResumed   Action = "guild.resumed"

	DeletionScheduled Action = "guild.deletion_scheduled" // of everything, this log too
	DeletionCancelled Action = "guild.deletion_cancelled"

	SettingsUpdated Action = "settings.updated"
	PlanChanged     Action = "plan.changed"
	PlanLinked      Action = "plan.linked" // to a customer of a seller, by the operator

	ChannelPaused  Action = "channel.paused"
	ChannelResumed Action = "channel.resumed"
	ChannelDeleted Action = "channel.deleted"

	BrandCreated Action = "brand.created"
	BrandUpdated Action = "brand.updated"
	BrandDeleted Action = "brand.deleted"

	GroupCreated Action = "group.created"
	GroupUpdated Action = "group.updated"
	GroupDeleted Action = "group.deleted"

	AccountAdded          Action = "account.added"
	AccountMoved          Action = "account.moved"
	AccountChannelChanged Action = "account.channel_changed"
	AccountPaused         Action = "account.paused"
	AccountResumed        Action = "account.resumed"
	AccountRemoved        Action = "account.removed"
	AccountPollRequested  Action = "account.poll_requested"
	AccountSourceMoved    Action = "account.source_moved"
	AccountMerged         Action = "account.merged"

	RouteCreated Action = "route.created"
	RouteUpdated Action = "route.updated"
	RouteDeleted Action = "route.deleted"

	DeliveryReplayed Action = "delivery.replayed"

	ExportRequested  Action = "export.requested"
	ExportDownloaded Action = "export.downloaded"
	ExportDeleted    Action = "export.deleted"

	ShareCreated Action = "share.created"
	ShareRevoked Action = "share.revoked"

	APIKeyCreated Action = "api_key.created"
	APIKeyUpdated Action = "api_key.updated"
	APIKeyRevoked Action = "api_key.revoked"

	SessionRevoked Action = "session.revoked"
	AccessRefused  Action = "access.refused"

	OriginsErased Action = "audit.origins_erased"
)

// Target is the kind of thing that was changed.
type Target string

// The kinds of targets.
const (
	TargetGuild    Target = "guild"
	TargetSettings Target = "settings"
	TargetPlan     Target = "plan"
	TargetChannel  Target = "channel"
	TargetBrand    Target = "brand"
	TargetGroup    Target = "group"
	TargetAccount  Target = "account"
	TargetRoute    Target = "route"
	TargetDelivery Target = "delivery"
	TargetExport   Target = "export"
	TargetShare    Target = "share"
	TargetAPIKey   Target = "api_key"
	TargetSession  Target = "session"
	TargetAudit    Target = "audit"
)
