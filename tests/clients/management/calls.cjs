'use strict';

// All calls that a test may make, one file per resource. A line there maps a call to the method of each generation of the client.

module.exports = Object.assign({}, ...['users', 'guardian', 'tenant', 'clients', 'jobs'].map((resource) => require(`./calls/${resource}.cjs`)));
