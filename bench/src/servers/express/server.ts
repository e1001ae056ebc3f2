/** Express 5 + jsonwebtoken + Prisma, as their guides build it: middleware, a router, one client, an error handler. */
import { PrismaPg } from '@prisma/adapter-pg';
import express, { type NextFunction, type Request, type Response } from 'express';
import jwt from 'jsonwebtoken';
import { PrismaClient, type Product } from './dist/prisma/client.ts';

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL! }) });
const app = express();
app.use(express.json());

function authenticateToken(request: Request, response: Response, next: NextFunction): void {
  const token = request.headers.authorization?.split(' ')[1];
  if (!token) {
    response.status(401).json({ success: false, error: { code: 'SIGN_IN_REQUIRED', message: 'Sign in first' } });
    return;
  }
  jwt.verify(token, process.env.JWT_SECRET!, { algorithms: ['HS256'], issuer: 'bench', audience: 'api' }, (error, user) => {
    if (error) {
      response.status(401).json({ success: false, error: { code: 'SIGN_IN_REQUIRED', message: 'Sign in first' } });
      return;
    }
    response.locals.user = user;
    next();
  });
}

const productOf = ({ priceAmount, priceCurrency, ...product }: Product) => ({
  ...product,
  price: { amount: Number(priceAmount), currency: priceCurrency },
});

const products = express.Router();
products.use(authenticateToken);
products.get('/:id', async (request, response) => {
  const product = await prisma.product.findUnique({ where: { id: request.params.id } });
  if (!product) {
    response.status(404).json({ success: false, error: { code: 'NOT_FOUND', message: 'There is nothing here' } });
    return;
  }
  response.json({ success: true, data: productOf(product), meta: { timestamp: new Date().toISOString() } });
});
products.get('/', async (request, response) => {
  const page = Number(request.query.page ?? 1),
    limit = Number(request.query.limit ?? 20);
  const where = { category: request.query.category as string };
  const [rows, total] = await prisma.$transaction([
    prisma.product.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], skip: (page - 1) * limit, take: limit }),
    prisma.product.count({ where }),
  ]);
  const totalPages = Math.ceil(total / limit);
  response.json({
    success: true,
    data: rows.map(productOf),
    meta: { timestamp: new Date().toISOString(), pagination: { page, limit, total, totalPages, hasMore: page < totalPages } },
  });
});

app.get('/health', (_request, response) => {
  response.json({ status: 'ok' });
});
app.use('/api/v1/products', products);
app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
  response.status(500).json({ success: false, error: { code: 'INTERNAL_ERROR', message: error.message } });
});

const server = app.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => void prisma.$disconnect().then(() => process.exit(0)));
});
