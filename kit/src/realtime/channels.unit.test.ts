import { describe, expect, test } from 'vitest';
import { allow, defineChannel, definePermission, fresh } from '../definitions.ts';
import { createChannels } from './channels.ts';

const read = definePermission('rooms:read', 'See rooms');
const manage = definePermission('rooms:manage', 'Manage rooms');
const id = '01990000-0000-7000-8000-00000000000a';

describe('channels', () => {
  test('a name means one channel, with its owner and scope', () => {
    const room = defineChannel('room:{roomId}', allow(read, { scope: 'room' }));
    const inbox = defineChannel('inbox:{userId}', allow(read, { own: manage }), { owner: 'userId' });
    const page = defineChannel('page:{page}.{part}', 'public');
    const named = createChannels([room, inbox, page]);
    expect(named(room({ roomId: id }))).toEqual({ channel: room, name: `room:${id}`, owner: null, scope: id });
    expect(named(inbox({ userId: id }))).toMatchObject({ owner: id, scope: null });
    expect(named('page:a.b')).toMatchObject({ channel: page });
    for (const name of ['room:x', `room:${id.toUpperCase()}`, `room:${id}\n`, `xroom:${id}`, 'page:a', 'page:a:b.c', 'page:a.b/c', ''])
      expect(named(name), name).toBeNull();
  });
  test.each([
    ['names no {roomId}', defineChannel('room:{id}', allow(read, { scope: 'room' })), 'has no {roomId}'],
    ['has no owner', defineChannel('room:{id}', allow(read, { own: manage })), "names 'own'"],
    ['wants a fresh proof', defineChannel('room:{id}', fresh('10m')), 'cannot be fresh'],
    [
      'has two kinds of scope',
      defineChannel('room:{roomId}', allow(read, { scope: 'room' }), { publish: allow(read, { scope: 'house' }) }),
      'two kinds of scope',
    ],
  ])('one whose rule %s does not boot', (_what, channel, message) => expect(() => createChannels([channel])).toThrow(message));
  test('two patterns that mean the same names do not boot', () => {
    const [a, b] = [defineChannel('room:{id}', 'public'), defineChannel('room:{roomId}', 'signed-in')];
    expect(() => createChannels([a, b])).toThrow("'room:{id}' and 'room:{roomId}' mean the same names");
  });
});
