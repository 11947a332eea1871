using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>
/// Tells whoever waits for the transactions of a user, on any node, that one of them has changed. It says only whose: what has
/// become of it is read from the database.
/// </summary>
internal interface ITransactionChangePublisher
{
    /// <summary>Heard once the unit is committed; part of it, so that nothing is announced that did not happen.</summary>
    void Announce(UnitOfWork unit, Transaction transaction);
}
