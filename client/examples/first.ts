// node --conditions=plinth-source client/examples/first.ts http://localhost:3000 admin@localhost.test 'the password'
import { createClient, unwrap } from '@plinth/client';

const [baseUrl = 'http://localhost:3000', email = 'admin@localhost.test', password = ''] = process.argv.slice(2);
const client = createClient({ baseUrl });
unwrap(await client.signIn({ email, password }));

const { data, error } = await client.POST('/api/v1/products', {
  body: { sku: 'MUG-09', name: 'Blue mug', category: 'kitchen', price: { amount: 1250, currency: 'EUR' }, stock: 10 },
});
if (error?.code === 'SKU_TAKEN') process.stdout.write('there is one already\n');
else if (error) throw new Error(`${error.title} (${error.requestId})`);
else process.stdout.write(`${data.data.name}: ${data.data.available} left\n`);

for await (const { sku, name } of client.pages('/api/v1/products', { params: { query: { category: 'kitchen' } } }))
  process.stdout.write(`${sku} ${name}\n`);
client.close();
