export { createClient, type ClientOptions, type PlinthClient } from './client.ts';
export { ApiError, type ErrorCode, type Problem, type ProblemOf, unwrap } from './problems.ts';
export { Session, type SignedIn, type Who } from './session.ts';
export { memoryStore, textStore, type Tokens, type TokenStore } from './tokens.ts';
export { changing, ifMatch } from './versions.ts';
export type { ItemOf, ListPath } from './pages.ts';
export { Realtime, type ChannelHandlers, type RealtimeStatus } from './realtime.ts';
export { RealtimeError, type RealtimeCode, type RealtimeEvent, type RealtimeMessage } from './protocol.ts';
export type { components, operations, paths } from './generated/api.ts';
