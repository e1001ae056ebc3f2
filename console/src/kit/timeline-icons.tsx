import type { ReactNode } from 'react';

/** What a kind of step looks like, on 16 by 16. */
const SHAPES: Readonly<Record<string, ReactNode>> = {
  request: <path d="M2 8h8M7 4.5 10.5 8 7 11.5M13.5 3v10" />,
  fact: <path d="M3.5 2.5h9v11h-9zM6 6h4M6 9h4" />,
  job: <path d="M8 2.5a5.5 5.5 0 1 0 5.5 5.5M8 5v3l2 1.5M11 2.5h2.5V5" />,
  attempt: <path d="M5 3.5v9L12 8z" />,
  provider: <path d="M2.5 6.5 8 3l5.5 3.5zM4 6.5v5M8 6.5v5M12 6.5v5M2.5 13h11" />,
  webhook: <path d="M6.5 3.5h-4v9h9v-4M8.5 7.5l5-5M9.5 2.5h4v4" />,
  mail: <path d="M2 3.5h12v9H2zM2 4l6 5 6-5" />,
};
/** Beside its name, which says the same. */
export const KindIcon = ({ kind }: { kind: string }) => (
  <svg
    aria-hidden
    viewBox="0 0 16 16"
    className="size-4 fill-none stroke-current"
    strokeWidth="1.3"
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    {SHAPES[kind] ?? <circle cx="8" cy="8" r="2.5" />}
  </svg>
);
