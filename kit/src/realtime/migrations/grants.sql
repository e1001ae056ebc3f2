-- Run again when the files of this stream or the role that serves change.
do $$
declare app text := current_setting('plinth.app_role');
begin
  execute format('grant usage on schema realtime to %I', app);
  execute format('grant select, insert, update, delete on realtime.nodes, realtime.members to %I', app);
end $$;
