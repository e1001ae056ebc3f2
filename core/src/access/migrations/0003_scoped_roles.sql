-- A role made for one type of scope (an owner of an organization) counts inside such scopes only: given everywhere it would be far more.
alter table access.roles add column scope_type text collate "C" check (length(scope_type) between 1 and 64);

create function access.check_role_scope() returns trigger
  language plpgsql
as $$
begin
  if exists (select from access.roles r where r.name = new.role and r.scope_type is distinct from new.scope_type and r.scope_type is not null) then
    raise exception 'role % counts only inside scopes of its own type', new.role
      using errcode = 'check_violation', schema = 'access', table = 'assignments', constraint = 'assignments_role_scope';
  end if;
  return new;
end
$$;
create trigger assignments_role_scope before insert or update on access.assignments for each row execute function access.check_role_scope();

-- Who is in a scope.
create index assignments_scope_idx on access.assignments (scope_type, scope_id, user_id) where scope_type is not null;
