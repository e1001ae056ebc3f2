import type { Caller, Controller } from '@plinth/kit';
import type { endpointOperations } from './contract.ts';
import type { Place, WebhooksService } from './service.ts';

type EndpointOperations = ReturnType<typeof endpointOperations<Record<never, never>>>;
/** @param placeOf whose endpoints a call is about. */
export const endpointsController = (
  service: WebhooksService,
  placeOf: (caller: Caller, params: Readonly<Record<string, string>>) => Place,
): Controller<EndpointOperations> => {
  const at = ({ caller, params }: { caller: Caller; params: unknown }): Place => placeOf(caller, params as Record<string, string>);
  return {
    list: (call) => service.list(at(call)),
    create: (call) => service.create(call.caller, call.tx, at(call), call.body),
    get: (call) => service.get(at(call), call.params.endpointId),
    change: (call) => service.change(call.caller, call.tx, at(call), call.params.endpointId, call.body, call.ifMatch),
    delete: (call) => service.delete(call.caller, call.tx, at(call), call.params.endpointId),
    disable: (call) => service.disable(call.caller, call.tx, at(call), call.params.endpointId),
    enable: (call) => service.enable(call.caller, call.tx, at(call), call.params.endpointId),
    rotateSecret: (call) => service.rotateSecret(call.caller, call.tx, at(call), call.params.endpointId, call.body.graceSeconds),
    test: (call) => service.test(call.caller, call.tx, at(call), call.params.endpointId),
    deliveries: (call) => service.listDeliveries(at(call), call.params.endpointId, call.query.state, call.paging),
    delivery: (call) => service.getDelivery(call.caller, at(call), call.params.endpointId, call.params.deliveryId, call.query.show),
    replay: (call) => service.replay(call.caller, call.tx, at(call), call.params.endpointId, call.params.deliveryId),
    replayRange: (call) => service.replayRange(call.caller, call.tx, at(call), call.params.endpointId, call.body),
  };
};
