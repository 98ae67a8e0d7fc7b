import { heldServices } from '../../../store/mappings/mappings.ts';
import { type Check, orOk, warning } from '../check.ts';

export const held: Check = {
  name: 'held incidents',
  async look({ store }) {
    const services = await heldServices(store);
    const names = services.map(({ serviceId, name }) => name ?? serviceId).sort();
    const shown = `${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}`;
    const findings =
      names.length === 0
        ? []
        : [
            warning(
              `incidents are held, or were of late, at services that match nothing: ${shown}`,
              'npx pdbridge incidents ls --held',
            ),
          ];
    return orOk(findings, 'none');
  },
};
