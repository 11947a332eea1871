using Sallyport.Server.Audit;
using Sallyport.Server.Factors;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Transactions;

internal enum EnrollAddressOutcome
{
    /// <summary>A code is on its way, or was sent to the same address a moment ago and still works.</summary>
    Sent,

    /// <summary>Nothing may be sent there.</summary>
    AddressRefused,

    /// <summary>The tenant has not allowed the country of the address.</summary>
    CountryRefused,

    /// <summary>The user has enrolled this address before.</summary>
    Exists,

    /// <summary>The transaction enrolls no such authenticator, or the factor is off.</summary>
    NotAvailable,

    /// <summary>Too many codes were sent.</summary>
    TooMany,

    TransactionGone,
}

/// <param name="Factor">As in <see cref="SendChallengeRequest"/>.</param>
internal sealed record EnrollAddressRequest(TransactionIdentity Identity, IFactor? Factor, string Address, string? AcceptLanguage)
{
    /// <summary>Any pending authenticator of the transaction: clients are shown only one id. Null if the caller knows none.</summary>
    public string? AuthenticatorId { get; init; }

    /// <summary>The channel on which codes are sent; null for the usual one.</summary>
    public string? Channel { get; init; }

    public override string ToString() => $"{Factor?.Traits.Name} ***";
}

/// <param name="Sent">What was sent, or the limit that refused it.</param>
internal readonly record struct EnrollAddressResult(EnrollAddressOutcome Outcome, SendChallengeResult Sent = default)
{
    /// <summary>The address in part.</summary>
    public string? Masked { get; init; }
}

/// <summary>
/// Stores the address of an authenticator that a transaction enrolls, and sends a code there. The person may correct the address: codes that were
/// sent to another one do not work any more.
/// </summary>
internal sealed class EnrollAddress(Database database, SendChallenge send, TimeProvider clock)
{
    public async ValueTask<EnrollAddressResult> RunAsync(
        CallContext call, EnrollAddressRequest request, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var view = await database.ReadAsync(
            session => TransactionViewStore.FindAsync(session, request.Identity, attemptId: "", now, cancellationToken), cancellationToken);
        if (view is null || !view.Transaction.IsAlive(now) || !view.Transaction.TakesResponses)
        {
            return new EnrollAddressResult(EnrollAddressOutcome.TransactionGone);
        }

        if (request.Factor is not IAddressedFactor factor
            || (request.AuthenticatorId is { } id && !view.Pending.Any(pending => pending.Id == id))
            || view.Candidates.FirstOrDefault(candidate => candidate.Factor == factor.Traits.Name && candidate.Status == AuthenticatorStatus.Pending)
                is not { } pending)
        {
            return new EnrollAddressResult(EnrollAddressOutcome.NotAvailable);
        }

        if (factor.WithAddress(pending, request.Address, request.Channel) is not { } addressed)
        {
            return new EnrollAddressResult(EnrollAddressOutcome.AddressRefused);
        }

        var details = factor.Describe(addressed);
        if (view.Enrolled.Any(known => known.Factor == factor.Traits.Name && factor.IsSame(known, details)))
        {
            return new EnrollAddressResult(EnrollAddressOutcome.Exists);
        }

        var isSame = factor.IsSame(pending, details);
        if (addressed.Data != pending.Data && !await database.WriteAsync(unit => StoreAsync(unit, addressed, isSame, cancellationToken), cancellationToken))
        {
            return new EnrollAddressResult(EnrollAddressOutcome.TransactionGone);
        }

        var sent = await send.RunAsync(
            call,
            new SendChallengeRequest(request.Identity, factor, request.AcceptLanguage) { AuthenticatorId = pending.Id, Channel = request.Channel },
            cancellationToken);
        return new EnrollAddressResult(OutcomeOf(sent.Outcome, isSame), sent) { Masked = Masking.PhoneNumber(details.PhoneNumber) };
    }

    private async ValueTask<bool> StoreAsync(UnitOfWork unit, Authenticator addressed, bool isSame, CancellationToken cancellationToken)
    {
        unit.Enqueue(AttemptLimit.Hold(addressed.Tenant, addressed.UserId));
        if (await unit.ExecuteAsync(AuthenticatorStore.UpdatePending(addressed), cancellationToken) == 0)
        {
            unit.Abandon();
            return false;
        }

        if (!isSame)
        {
            unit.Enqueue(ChallengeStore.EndAll(addressed, clock.GetUtcNow()));
        }

        return true;
    }

    /// <summary>guardian.js enrolls the same number again after a wrong code, and must not fail because the last message is only seconds old.</summary>
    private static EnrollAddressOutcome OutcomeOf(SendChallengeOutcome sent, bool isSame) => sent switch
    {
        SendChallengeOutcome.Sent => EnrollAddressOutcome.Sent,
        SendChallengeOutcome.TooSoon => isSame ? EnrollAddressOutcome.Sent : EnrollAddressOutcome.TooMany,
        SendChallengeOutcome.TooMany or SendChallengeOutcome.QuotaExhausted => EnrollAddressOutcome.TooMany,
        SendChallengeOutcome.AddressRefused => EnrollAddressOutcome.AddressRefused,
        SendChallengeOutcome.CountryRefused => EnrollAddressOutcome.CountryRefused,
        SendChallengeOutcome.NotAvailable or SendChallengeOutcome.NotReachable or SendChallengeOutcome.NotConfigured or SendChallengeOutcome.Unavailable =>
            EnrollAddressOutcome.NotAvailable,
        SendChallengeOutcome.TransactionGone => EnrollAddressOutcome.TransactionGone,
    };
}
