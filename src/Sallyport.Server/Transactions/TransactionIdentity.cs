using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

/// <summary>What a verified transaction token says.</summary>
internal readonly record struct TransactionIdentity(TenantId Tenant, string TransactionId, string UserId);
