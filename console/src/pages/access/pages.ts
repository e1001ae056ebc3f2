import { definePages } from '../../kit/pages.ts';

export const pages = definePages([
  { path: '/access/roles', title: 'Roles', feature: 'access', needs: 'access.listRoles', load: () => import('./roles.tsx') },
  { path: '/access/roles/{role}', needs: 'access.getRole', load: () => import('./role.tsx') },
  {
    path: '/access/assignments',
    title: 'Assignments',
    feature: 'access',
    needs: 'access.listAssignments',
    load: () => import('./assignments.tsx'),
  },
  { path: '/access/grants', title: 'Grants', feature: 'access', needs: 'access.listGrants', load: () => import('./grants.tsx') },
  { path: '/access/explain', title: 'Explain', feature: 'access', needs: 'access.explain', load: () => import('./explain.tsx') },
]);
