type Value = string | number | { readonly [key: string]: Value } | readonly Value[];
type Link = Node | { readonly data: number } | null;
class Node {
  readonly links: [Link, Link] = [null, null];
  index = 0;
}

const head = (type: number, size: number): Buffer => {
  const length = size < 29 ? [size] : [29, size - 29]; // 284 at most: more than any of these values
  return type > 7 ? Buffer.from([length[0]!, type - 7, ...length.slice(1)]) : Buffer.from([(type << 5) | length[0]!, ...length.slice(1)]);
};
function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([head(2, Buffer.byteLength(value)), Buffer.from(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([head(6, 4), bytes]);
  }
  if (Array.isArray(value)) return Buffer.concat([head(11, value.length), ...value.map(encode)]);
  const entries = Object.entries(value as Readonly<Record<string, Value>>);
  return Buffer.concat([head(7, entries.length), ...entries.flatMap(([key, held]) => [encode(key), encode(held)])]);
}

/** The sixteen bytes of an address; IPv4 lies below ::/96. */
function bytesOf(address: string): number[] {
  if (!address.includes(':')) return [...Array<number>(12).fill(0), ...address.split('.').map(Number)];
  const [left, right] = address.split('::').map((half) => half.split(':').filter(Boolean)) as [string[], string[]?];
  const groups = [...left, ...Array<string>(8 - left.length - (right?.length ?? 0)).fill('0'), ...(right ?? [])];
  return groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]);
}

/**
 * A database in MaxMind's format (https://maxmind.github.io/MaxMind-DB/, version 2, 24-bit records): a binary tree over the bits
 * of IPv6 addresses, with IPv4 below ::/96, then the data, then the metadata.
 */
export function placesDatabase(networks: Readonly<Record<string, Value>>, type = 'Test-City'): Buffer {
  const root = new Node();
  const data: Buffer[] = [];
  let offset = 0;
  for (const [cidr, value] of Object.entries(networks)) {
    const [address, prefix] = cidr.split('/') as [string, string];
    const bytes = bytesOf(address);
    const length = Number(prefix) + (address.includes(':') ? 0 : 96);
    let node = root;
    for (let i = 0; i < length; i++) {
      const bit = ((bytes[i >> 3]! >> (7 - (i & 7))) & 1) as 0 | 1;
      if (i === length - 1) node.links[bit] = { data: offset };
      else {
        const next = node.links[bit];
        node = node.links[bit] = next instanceof Node ? next : new Node();
      }
    }
    data.push(encode(value));
    offset += data.at(-1)!.length;
  }
  const nodes = [root];
  for (const node of nodes) for (const link of node.links) if (link instanceof Node) link.index = nodes.push(link) - 1;
  const tree = Buffer.alloc(nodes.length * 6);
  nodes.forEach(({ links }, i) =>
    links.forEach((link, side) => {
      const record = link === null ? nodes.length : link instanceof Node ? link.index : nodes.length + 16 + link.data;
      tree.writeUIntBE(record, i * 6 + side * 3, 3);
    }),
  );
  const metadata = {
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 1_767_225_600,
    database_type: type,
    description: { en: 'made by a test' },
    ip_version: 6,
    languages: ['en'],
    node_count: nodes.length,
    record_size: 24,
  };
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'), encode(metadata)]);
}
