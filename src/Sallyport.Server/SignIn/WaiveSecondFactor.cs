using Sallyport.Server.Audit;
using Sallyport.Server.Policies;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Transactions;

namespace Sallyport.Server.SignIn;

/// <summary>Finds out, when the page of a sign-in is opened, that it needs no second factor, and accepts it then.</summary>
internal sealed class WaiveSecondFactor(Database database, TransactionTokens tokens, AuditLog audit, SecretHash hash, TimeProvider clock)
{
    /// <returns>
    /// The accepted sign-in. Null if a second factor is needed, was proved, or the sign-in has expired or was redeemed.
    /// </returns>
    public async ValueTask<Transaction?> RunAsync(
        CallContext call, string? requestToken, BrowserCookie cookie, CancellationToken cancellationToken)
    {
        if (requestToken is null || await tokens.ValidateRequestAsync(call.Tenant, requestToken) is not { } identity)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        var (found, settings) = await database.ReadAsync(
            async session => (
                await session.FindAsync(TransactionStore.FindWithUser(identity), cancellationToken),
                await PolicyStore.GetSessionSettingsAsync(session, call.Tenant, cancellationToken)),
            cancellationToken);
        if (found is not { Transaction: { RedeemedAt: null } transaction } || !transaction.IsAlive(now))
        {
            return null;
        }

        if (transaction.WaivedBy == Waiver.Policy)
        {
            return transaction;
        }

        if (cookie.Secrets.Count == 0 || !SignInData.Parse(transaction.OriginData!).MayRememberBrowser)
        {
            return null;
        }

        var signIn = new BrowserSignIn(identity, hash.RememberedBrowser(identity, cookie), settings, now);
        return await database.WriteAsync(unit => AcceptAsync(unit, transaction.SourceOf(call.Source), signIn, cancellationToken), cancellationToken)
            ? transaction with { State = TransactionState.Accepted, WaivedBy = Waiver.RememberedBrowser, AcceptedAt = transaction.AcceptedAt ?? now }
            : null;
    }

    /// <returns>True if it was accepted, now or when the same browser has opened the page before.</returns>
    private async ValueTask<bool> AcceptAsync(UnitOfWork unit, AuditSource source, BrowserSignIn signIn, CancellationToken cancellationToken)
    {
        var identity = signIn.Identity;
        // A removal of factors happens before this or after it, never at the same time.
        unit.Enqueue(AttemptLimit.HoldIfExists(identity.Tenant, identity.UserId));
        if (await unit.ExecuteAsync(RememberedBrowserStore.Accept(signIn), cancellationToken) == 0)
        {
            var accepted = await unit.FindAsync(RememberedBrowserStore.FindAccepted(signIn), cancellationToken);
            unit.Abandon();
            return accepted is not null;
        }

        unit.Enqueue(RememberedBrowserStore.Use(signIn));
        audit.Add(unit, identity.Tenant, new AuditEntry(AuditTypes.RememberedBrowserAccepted, source) { UserId = identity.UserId });
        return true;
    }
}

internal static class BrowserHashes
{
    public static IReadOnlyList<byte[]> RememberedBrowser(this SecretHash hash, TransactionIdentity identity, BrowserCookie cookie) =>
        [.. cookie.Secrets.Select(secret => hash.RememberedBrowser(identity.UserId, secret))];
}
