using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>
/// Notifies every node that a transaction of a user has changed. The notification only names the user: subscribers read the new state
/// from the database.
/// </summary>
internal interface ITransactionChangePublisher
{
    /// <summary>Part of the unit: subscribers are notified once it is committed, and only then.</summary>
    void Publish(UnitOfWork unit, Transaction transaction);
}
