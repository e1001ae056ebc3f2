-- A session whose only factor its user has removed since has proved nothing that still counts (B42).
alter table auth.sessions drop constraint sessions_factors;
