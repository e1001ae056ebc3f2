// What made pages are made of: those of the console and those of your own features, `@plinth/console/ui`.
export { definePages, type MadePage, type OperationId, type PageProps } from './pages.ts';
export { List, type AnyListPath, type RowOf } from './list.tsx';
export { OperationButton } from './operation-button.tsx';
export { Figure, PageHead, Section, Tabs, type Tab } from './layout.tsx';
export { useOperation } from './operation-query.ts';
export { Person, short } from './person.tsx';
export { Code, CopyButton, json, Moment, PageLink, Progress } from './pieces.tsx';
export { Loaded } from './call.tsx';
export { Chart, type ChartLine, type ChartProps } from './chart.tsx';
export { span, TimelineView, type TimelineStep } from './timeline.tsx';
export { TimelineLink, type TimelineOrigin } from './timeline-link.tsx';
export { useHere } from '../here.tsx';
export { client, useChannel, useQuery, useSession } from '../client.ts';
export { pageOf } from '../resource/address.ts';
export { ProblemNotice, toastProblem } from '../problems.tsx';
export { Badge, Button, buttonClass, Card, Dialog, Input, NameValues, Notice, Select, Skeleton, Textarea, type Tone } from '../ui.tsx';
export { money, time, toneOf, Value, WholeValue } from '../values.tsx';
export type { Column } from '../resource/columns.ts';
