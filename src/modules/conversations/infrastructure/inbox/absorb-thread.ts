/**
 * What people did with a thread passes to the one that it is folded into: $1 the tenant, $2 the surviving contact, $3 the absorbed one. Whose
 * conversation the survivor is, what it is about and of which kind, stays where it says so; who is blocked stays blocked.
 */
export const PASS_ON: readonly string[] = [
  `update thread s set
     assignee_id = coalesce(s.assignee_id, t.assignee_id),
     type = coalesce(s.type, t.type),
     reference_link = coalesce(s.reference_link, t.reference_link),
     bot_paused_until = greatest(s.bot_paused_until, t.bot_paused_until),
     bot_paused_at = greatest(s.bot_paused_at, t.bot_paused_at),
     bot_paused_reason = case when s.bot_paused_at is null or t.bot_paused_at > s.bot_paused_at then t.bot_paused_reason else s.bot_paused_reason end,
     status = case when 'blocked' in (s.status, t.status) then 'blocked' when 'active' in (s.status, t.status) then 'active' else s.status end
   from thread t where ${folded()}`,
  `insert into thread_participant (tenant_id, thread_id, user_id, added_at)
   select s.tenant_id, s.id, o.user_id, o.added_at from thread s, thread t
   join thread_participant o on o.tenant_id = t.tenant_id and o.thread_id = t.id where ${folded()}
   on conflict do nothing`,
  `insert into thread_label (tenant_id, thread_id, label_id)
   select s.tenant_id, s.id, o.label_id from thread s, thread t
   join thread_label o on o.tenant_id = t.tenant_id and o.thread_id = t.id where ${folded()}
   on conflict do nothing`,
  `insert into thread_mute (tenant_id, thread_id, user_id, muted_until)
   select s.tenant_id, s.id, o.user_id, o.muted_until from thread s, thread t
   join thread_mute o on o.tenant_id = t.tenant_id and o.thread_id = t.id where ${folded()}
   on conflict (tenant_id, thread_id, user_id) do update set muted_until = greatest(thread_mute.muted_until, excluded.muted_until)`,
  `update note n set thread_id = s.id from thread s, thread t
   where n.tenant_id = t.tenant_id and n.thread_id = t.id and ${folded()}`,
];

/** Which thread is folded into which; the parameters are the same. */
export const FOLDED = `select t.id as from, s.id as into from thread s, thread t where ${folded()} order by t.id`;

function folded(): string {
  return `s.tenant_id = $1::uuid and s.contact_id = $2::uuid and t.tenant_id = $1::uuid and t.contact_id = $3::uuid
     and t.phone_number_id = s.phone_number_id and t.merged_into_id is null`;
}
