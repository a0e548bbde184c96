// Lets the administrators of a new demonstration key management centre appoint operators, custodians and an auditor.
//   node appoint.mjs KMC-FOLDER
import { KeyCentre } from './key_centre.mjs';

await new KeyCentre(process.argv[2]).appoint();
