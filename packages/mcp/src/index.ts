export type { McpAnswer, McpFailure, McpOutcome } from './client/answer.ts';
export { connectMcp, type ConnectOptions } from './client/connect.ts';
export type { Listing } from './client/list-pages.ts';
export { McpClient, type McpEra, type McpGreeting, type McpList } from './client/mcp-client.ts';
export type { JsonObject } from '@perfkeel/core';
export type { Oddities } from './client/oddities.ts';
export type { NotificationListener, Sending, WireCount } from './client/transport.ts';
export { mcp, type McpObjective, type McpOptions } from './mcp.ts';
export type { Asked } from './measure/ask-items.ts';
export type { IncompleteList, Inventory, Item, LeftOut } from './measure/inventory.ts';
export { mcpMetrics } from './measure/mcp-metrics.ts';
export { measureMcp, type McpResult, type ResultCost } from './measure/measure-mcp.ts';
export type { McpContext } from './measure/round.ts';
export type { CancelEnd, CancelOptions, Cancellation } from './probes/cancellation.ts';
export type { CapacityOptions, CapacityStep, McpCapacity } from './probes/capacity.ts';
export type { Churn } from './probes/churn.ts';
export type { LostUpdates, WriteAndReadBack } from './probes/lost-updates.ts';
export type { MemoryGrowth } from './probes/memory-growth.ts';
export type { UpdateOptions, Updates } from './probes/updates.ts';
export { renderMcp } from './render-mcp.ts';
export type { HttpServer, McpServer, StdioServer } from './server.ts';
export type { CacheCounters, McpSubject, ToolCall } from './subject.ts';
export { tokenReduction, type TokenObjective, type TokenReductionOptions } from './token-reduction.ts';
export { contextCost, resultText, type ContextCost, type TextCost, type ToolCost } from './tokens/context-cost.ts';
export {
  measureReduction,
  type Reduction,
  type ReductionSubject,
  type WorkflowCost,
} from './tokens/measure-reduction.ts';
export { o200k } from './tokens/tokenizer.ts';
export type { Tokenizer } from '@perfkeel/core';
export type { CapturedStep, Workflow, WorkflowStep } from './tokens/workflow.ts';
