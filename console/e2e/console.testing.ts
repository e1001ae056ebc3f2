import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { users } from '@plinth/core';
import { coreApp, type CoreApp } from '@plinth/core/testing';
import type { AnyFeature } from '@plinth/kit';
import type { TestAppOptions } from '@plinth/kit/testing';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { features as storeFeatures } from '../../store/src/features.ts';
import { consoleApp } from '../app.ts';

export const PASSWORD = 'quiet harbour under a tin moon';
export const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const found = existsSync(executablePath);
/** Where pictures of the pages go when SCREENSHOTS names a folder. */
const pictures = process.env['SCREENSHOTS'];
export const WIDTHS = [1440, 390] as const;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
};

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Evaluated by the debugger, so the page's policy need not let it in. */
async function audit(page: Page): Promise<readonly Violation[]> {
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`);
}

/** Web Vitals: what moves by itself while a page loads, as CLS counts it; more than a tenth is felt. */
const SHIFTS = `window.shifted = 0;
new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value; })
  .observe({ type: 'layout-shift', buffered: true });`;
const MOST_SHIFT = 0.1;

export interface Studio {
  readonly app: CoreApp;
  readonly browser: Browser;
  /** What a page complained of: scripts that failed, a policy that was broken. */
  readonly complaints: string[];
  readonly origin: string;
  emailOf(userId: string): Promise<string>;
  /** A browser of their own, signed in through the page. */
  signedIn(
    role: 'admin' | 'member',
    width?: number,
  ): Promise<{ page: Page; context: BrowserContext; userId: string; email: string; token: string }>;
  open(context: BrowserContext, path: string): Promise<Page>;
  /** Looks at the page with axe, in both themes, whether it moved while it loaded, and takes a picture at desktop and phone width where they are wanted. */
  look(page: Page, name: string): Promise<void>;
  /** Serious faults that axe found, with the picture they are on. */
  readonly faults: string[];
  stop(): Promise<void>;
}

interface StudioOptions extends Pick<TestAppOptions, 'env' | 'mail'> {
  /** The console, where it is not that of this repository. */
  readonly served?: typeof consoleApp;
}
/** A whole server with the console, and a browser. */
export async function studio(
  features: readonly AnyFeature[] = storeFeatures,
  { env = {}, served = consoleApp, ...options }: StudioOptions = {},
): Promise<Studio> {
  await served.prepare();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const app = await coreApp(features, { env: { PORT: String(port), BASE_URL: origin, ...env }, webApps: [served], ...options });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--no-first-run'],
  });
  const complaints: string[] = [];
  const faults: string[] = [];
  const open = async (context: BrowserContext, path: string): Promise<Page> => {
    const page = await context.newPage();
    await page.addInitScript(SHIFTS);
    page.on('console', (message) => {
      // A refusal that the page shows is also written there by the browser itself.
      if (message.type() === 'error' && !/status of [45]\d\d/.test(message.text())) complaints.push(`${path}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
    await page.goto(`${origin}/console${path}`);
    return page;
  };
  const emailOf = async (userId: string): Promise<string> => (await app.api(users).find(app.kit.db, userId))!.email;
  return {
    app,
    browser,
    complaints,
    origin,
    emailOf,
    open,
    async signedIn(role, width = WIDTHS[0]) {
      const { userId, token } = await app.as(role);
      const email = await emailOf(userId);
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      const page = await open(context, '/');
      await page.getByLabel('E-mail').fill(email);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('heading', { name: 'Overview' }).waitFor();
      return { page, context, userId, email, token };
    },
    faults,
    async look(page, name) {
      const shifted = await page.evaluate<number>('window.shifted');
      if (shifted > MOST_SHIFT) faults.push(`${name}: moved by ${shifted.toFixed(3)} while it loaded`);
      for (const scheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          await page.evaluate('window.scrollTo(0, 0)');
          await page.waitForTimeout(100);
          const where = `${name}-${scheme}-${width}`;
          // Colours do not change with the width, nor what stands there with the theme: each theme and each width once.
          const looked = (scheme === 'dark') === (width === WIDTHS[0]);
          if (!looked && pictures === undefined) continue;
          const overflows = await page.evaluate<boolean>('document.documentElement.scrollWidth > window.innerWidth');
          if (overflows) faults.push(`${where}: wider than the window`);
          for (const { id, impact, nodes } of looked ? await audit(page) : [])
            if (impact === 'serious' || impact === 'critical') faults.push(`${where}: ${id} ${nodes[0]?.html.slice(0, 160)}`);
          if (pictures === undefined) continue;
          await mkdir(pictures, { recursive: true });
          await page.screenshot({ path: join(pictures, `${where}.png`), fullPage: true });
        }
      }
      await page.setViewportSize({ width: WIDTHS[0], height: 900 });
      await page.waitForTimeout(100); // what moved because we changed the window is no fault
      await page.evaluate('window.shifted = 0');
    },
    async stop() {
      await browser.close();
      await app.stop();
    },
  };
}
