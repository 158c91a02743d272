import type { components } from "@/lib/schema";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type AccountList = Schemas["AccountList"];
export type AccountState = Schemas["AccountState"];
export type Brand = Schemas["Brand"];
export type BrandList = Schemas["BrandList"];
export type Group = Schemas["Group"];
export type GroupList = Schemas["GroupList"];
export type Channel = Schemas["Channel"];
export type Platform = Schemas["Platform"];
export type Post = Schemas["Post"];
export type PostKind = Schemas["PostKind"];
export type PostList = Schemas["PostList"];
export type PostSort = Schemas["PostSort"];
export type PostDeliveryState = Schemas["PostDeliveryState"];
export type Delivery = Schemas["Delivery"];
export type MetricSnapshot = Schemas["MetricSnapshot"];
export type PostMetricHistory = Schemas["PostMetricHistory"];
export type GuildDetail = Schemas["GuildDetail"];
