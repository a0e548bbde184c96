// What one script tag brings: the global `Hutong`, and with the attribute data-sof the SOF_ functions where a vendor's script had them:
//   <script src="hutong-sdk.iife.js" data-sof data-cert-info="bjca" data-booleans="text" data-agent="127.0.0.1:26381"></script>
import { installSof } from './sof/shapes';

export * from './index';

/** The client behind the global SOF_ functions: its `files` are what functions with file names see. Null without data-sof. */
export const sof = install();

function install() {
  const { sof: wanted, certInfo, booleans, agent, purpose } = (document.currentScript as HTMLScriptElement | null)?.dataset ?? {};
  if (wanted === undefined) return null;
  return installSof(window, {
    certInfoNumbers: certInfo === 'bjca' ? 'bjca' : 'standard',
    booleans: booleans === 'text' ? 'text' : 'boolean',
    ...(agent !== undefined && { address: agent }),
    ...(purpose !== undefined && { purpose }),
  });
}
