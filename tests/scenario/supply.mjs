// For ./dev run: a supplier with a token from this vendor, so that pages have something to sign and decrypt with.
// usage: supply.mjs BIN VENDOR-FOLDER     the token lies in VENDOR-FOLDER/tokens
import { Token } from './token.mjs';
import { kSubject, Vendor } from './vendor.mjs';

const vendor = new Vendor(...process.argv.slice(2));
const token = new Token(vendor, 'supplier');
const order = await vendor.approved(vendor.application(token.request(kSubject)));
token.take(await vendor.deliver(await vendor.make(order.id)));
