import type { Store } from '../../../lib/store/database/dynamo.ts';

/** A store that does something right before the call with this number, or fails every call from that on; 0: none. */
export function interrupted(store: Store, at: number, act: 'dies' | (() => Promise<unknown>)) {
  const counter = { calls: 0 };
  const send: Store['db']['send'] = async (command) => {
    counter.calls += 1;
    if (act === 'dies' && counter.calls >= at && at > 0) throw new Error('killed');
    if (act !== 'dies' && counter.calls === at) await act();
    return store.db.send(command);
  };
  return { store: { ...store, db: { send } }, counter };
}
