import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';
const NAME = 'plinth-console-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

/** What was chosen here, else what the system prefers. */
const current = (): Theme => (localStorage.getItem(NAME) as Theme | null) ?? (system.matches ? 'dark' : 'light');
function apply(): void {
  document.documentElement.dataset['theme'] = current();
  for (const listener of listeners) listener();
}
export function setTheme(theme: Theme): void {
  localStorage.setItem(NAME, theme);
  apply();
}
export function startTheme(): void {
  apply();
  system.addEventListener('change', apply);
}
export const useTheme = (): Theme =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
