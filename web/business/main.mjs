// node main.mjs CONFIG.json: a business system of the demonstration. CONFIG: see BusinessSystem, and `port`.
import { readFileSync } from 'node:fs';
import { BusinessSystem } from './business_system.mjs';

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
await new BusinessSystem(config).listen(config.port);
console.error(JSON.stringify({ level: 'info', event: 'server.listening', url: config.address }));
