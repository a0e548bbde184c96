// For ./dev run: a supplier with a token from this vendor, so that pages have something to sign and decrypt with.
// usage: supply.mjs BIN VENDOR-FOLDER TOKEN-HOME
import { Token } from './token.mjs';
import { kSubject, Vendor } from './vendor.mjs';

const [bin, folder, home] = process.argv.slice(2);
const vendor = new Vendor(bin, folder);
const token = new Token(vendor, 'supplier', home);
const order = await vendor.approved(vendor.application(token.request(kSubject)));
token.take(await vendor.deliver(await vendor.make(order.id)));
