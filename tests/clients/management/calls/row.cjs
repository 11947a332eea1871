'use strict';

// How a call is said to generation 2, to 4, to 5 and to 7. m is the client; c is the step: its id, item (where a call has two
// ids), body and query. A call that a generation lacks is null there.
module.exports = (two, four, five, seven = five) => ({ 2: two, 4: four, 5: five, 7: seven });
