import * as Menu from '@radix-ui/react-dropdown-menu';
import { words } from '../contract.ts';
import { Button } from '../ui.tsx';
import type { Column } from './columns.ts';

/** Which columns are shown. The choice stands in the address, so that it can be passed on. */
export function ColumnsMenu({
  columns,
  shown,
  onChange,
}: {
  columns: readonly Column[];
  shown: readonly string[];
  onChange: (names: string[]) => void;
}) {
  return (
    <Menu.Root>
      <Menu.Trigger asChild>
        <Button>Columns</Button>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Content
          align="end"
          sideOffset={4}
          className="z-40 max-h-[60vh] min-w-44 overflow-y-auto rounded-md border border-line bg-card p-1 text-sm shadow-lg"
        >
          {columns.map(({ name, title = words(name) }) => (
            <Menu.CheckboxItem
              key={name}
              checked={shown.includes(name)}
              disabled={shown.length === 1 && shown[0] === name}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(on) =>
                onChange(columns.map((each) => each.name).filter((each) => (each === name ? on : shown.includes(each))))
              }
              className="flex items-center gap-2 rounded px-2 py-1.5 outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-page"
            >
              <span aria-hidden className="inline-block w-4">
                <Menu.ItemIndicator>✓</Menu.ItemIndicator>
              </span>
              {title}
            </Menu.CheckboxItem>
          ))}
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
