using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.Duo;

/// <summary>An account at Duo. The browser goes there, and comes back to the callback.</summary>
internal sealed class DuoFactor(Database database, SettingReader settings, DuoClient duo, SecretHash hash, ILogger<DuoFactor> logger) : IRedirectFactor
{
    private const int SecretLength = 43;

    /// <summary>Time to install Duo's app on the way.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    /// <summary>The fault that was logged last, so that it is not logged for each sign-in.</summary>
    private string? loggedFault;

    public FactorTraits Traits { get; } = new(FactorNames.Duo, "duo", "duo")
    {
        Label = _ => "Duo",
        // Duo does not say which of its methods was used.
        Amr = ["mfa"],
        Rank = 60,
        IsAnsweredByBrowser = true,
        HasRecoveryCode = false,
        NotConfiguredCode = ErrorCodes.DuoNotConfigured,
        UnavailableCode = ErrorCodes.DuoUnavailable,
        ChallengeLimit = new ChallengeLimit(Burst: 20, Refill: TimeSpan.FromMinutes(3), MinPause: TimeSpan.Zero),
    };

    public ResponseKind ResponseKind => ResponseKind.Return;

    public NewAuthenticator? Begin(EnrollmentRequest request)
    {
        var id = Authenticator.NewId();
        var data = Write(new DuoDataV1(request.User.VerifiedEmail ?? request.User.UserId));
        return new NewAuthenticator(Authenticator.Pending(request, Traits, id, new StoredData(data)));
    }

    public async ValueTask<bool> IsConfiguredAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var fault = duo.FindFault(await settings.FindAsync(session, tenant, FactorSettings.Duo, cancellationToken));
        if (Interlocked.Exchange(ref loggedFault, fault) != fault && fault is not null)
        {
            DuoLog.NotOffered(logger, fault);
        }

        return fault is null;
    }

    /// <returns>Null if the user is gone.</returns>
    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var (stored, user) = await database.ReadAsync(
            async session => (
                await settings.FindAsync(session, request.Tenant, FactorSettings.Duo, cancellationToken),
                await UserStore.FindAsync(session, request.Tenant, authenticator.UserId, cancellationToken)),
            cancellationToken);
        if (duo.FindAccount(stored) is not { } account)
        {
            DuoLog.NotConfigured(logger, duo.FindFault(stored)!);
            return ChallengeDraft.NotConfigured;
        }

        if (!await duo.IsHealthyAsync(account, cancellationToken))
        {
            DuoLog.Unavailable(logger, account.BaseUrl);
            return ChallengeDraft.Unavailable;
        }

        if (user is null)
        {
            return null;
        }

        var username = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.DuoDataV1).Username
            ?? (user.EmailVerified == true ? user.Email : null) ?? user.UserId;
        var (nonce, secret) = (Tokens.NewAlphaNumeric(SecretLength), Tokens.NewAlphaNumeric(SecretLength));
        var data = new DuoChallengeDataV1(username, nonce, hash.RedirectBrowser(request.ChallengeId, secret));
        var shown = new JsonObject
        {
            [RedirectShown.Address] = duo.AuthorizeUrl(account, username, state: request.ChallengeId, nonce),
            [RedirectShown.BrowserSecret] = secret,
        };
        return new ChallengeDraft(JsonSerializer.Serialize(data, FactorDataJson.Default.DuoChallengeDataV1), Lifetime, Message: null)
        {
            Shown = shown.ToJsonString(),
        };
    }

    public bool IsOfBrowser(Challenge open, string browserSecret) =>
        CryptographicOperations.FixedTimeEquals(hash.RedirectBrowser(open.Id, browserSecret), Read(open).BrowserHash);

    public async ValueTask<RedirectVerdict> CheckReturnAsync(Challenge open, string? code, CancellationToken cancellationToken)
    {
        if (code is null)
        {
            return RedirectVerdict.Refused;
        }

        var stored = await database.ReadAsync(
            session => settings.FindAsync(session, open.Tenant, FactorSettings.Duo, cancellationToken), cancellationToken);
        if (duo.FindAccount(stored) is not { } account)
        {
            return RedirectVerdict.Unavailable;
        }

        return await duo.ExchangeAsync(account, code, Read(open), cancellationToken) switch
        {
            DuoVerdict.Confirmed => RedirectVerdict.Confirmed,
            DuoVerdict.Refused => RedirectVerdict.Refused,
            DuoVerdict.Unavailable => RedirectVerdict.Unavailable,
        };
    }

    /// <summary>The answer of the service was checked before. This check binds it to the challenge, which the caller uses up.</summary>
    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now) =>
        open is not null && open.AuthenticatorId == authenticator.Id && open.Id == response.Value
            ? new Acceptance(AuthenticatorStore.Use(authenticator, authenticator.Data, now))
            : null;

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) => new(Write(new DuoDataV1(Username: null)));

    public AuthenticatorDetails Describe(Authenticator authenticator) => AuthenticatorDetails.None;

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => false;

    private static DuoChallengeDataV1 Read(Challenge open) => FactorDataJson.Read(open.Data, FactorDataJson.Default.DuoChallengeDataV1);

    private static string Write(DuoDataV1 data) => JsonSerializer.Serialize(data, FactorDataJson.Default.DuoDataV1);
}

/// <summary>Event ids 2800 to 2899.</summary>
internal static partial class DuoLog
{
    [LoggerMessage(2800, LogLevel.Warning, "The factor duo is switched on and not offered: {Fault}")]
    public static partial void NotOffered(ILogger logger, string fault);

    [LoggerMessage(2801, LogLevel.Warning, "Nobody can be sent to Duo: {Fault}")]
    public static partial void NotConfigured(ILogger logger, string fault);

    [LoggerMessage(2802, LogLevel.Warning, "Nobody is sent to Duo, because its health check at {Address} failed. Check ikey, skey and host")]
    public static partial void Unavailable(ILogger logger, string address);
}
