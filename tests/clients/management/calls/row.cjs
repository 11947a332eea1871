'use strict';

// Maps a call to functions for generations 2, 4, 5 and 7. m is the client. c is the step with its id, item (if a call has two
// ids), body and query. The function is null if the generation lacks the call.
module.exports = (two, four, five, seven = five) => ({ 2: two, 4: four, 5: five, 7: seven });
