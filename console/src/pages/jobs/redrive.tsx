import { toast } from 'sonner';
import { OperationButton } from '../../kit/index.ts';

/** More than this are not redriven by one call. */
const MOST = 1000;

/** Gives the dead letters of one queue, or of all, their attempts again. */
export const RedriveButton = ({
  job,
  title,
  dead,
  children,
}: {
  job?: string | undefined;
  title?: string;
  dead: number;
  children: string;
}) => (
  <OperationButton
    operation="jobs.redrive"
    known={job === undefined ? { all: true } : { job }}
    lead={`${dead.toLocaleString()} dead ${dead === 1 ? 'letter' : 'letters'} of ${title ?? 'all queues'}: each gets all its attempts again, under its own id.`}
    unless={dead === 0 && 'There are no dead letters'}
    onDone={(data) => {
      const { redriven } = data as { redriven: number };
      toast.success(`${redriven.toLocaleString()} redriven${redriven >= MOST ? ': there may be more, go on' : ''}`);
    }}
  >
    {children}
  </OperationButton>
);
