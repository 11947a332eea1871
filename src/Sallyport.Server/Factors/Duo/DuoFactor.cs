using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.Duo;

/// <summary>An account at Duo. The browser goes there, and comes back to the callback.</summary>
internal sealed class DuoFactor(Database database, SettingReader settings, DuoClient duo, SecretHash hash) : IRedirectFactor
{
    private const int SecretLength = 43;

    /// <summary>Time to install Duo's app on the way.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(20);

    public FactorTraits Traits { get; } = new(FactorNames.Duo, "duo", "duo")
    {
        Label = _ => "Duo",
        // Duo does not say which of its methods was used.
        Amr = ["mfa"],
        Rank = 60,
        IsAnsweredByBrowser = true,
        HasRecoveryCode = false,
        ChallengeLimit = new ChallengeLimit(Burst: 20, Refill: TimeSpan.FromMinutes(3), MinPause: TimeSpan.Zero),
    };

    public ResponseKind ResponseKind => ResponseKind.Return;

    public NewAuthenticator? Begin(EnrollmentRequest request)
    {
        var id = Authenticator.NewId();
        var data = Write(new DuoDataV1(request.User.VerifiedEmail ?? request.User.UserId));
        return new NewAuthenticator(Authenticator.Pending(request, Traits, id, new StoredData(data)));
    }

    /// <returns>Null if Duo is not configured, or cannot be reached.</returns>
    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var (account, user) = await database.ReadAsync(
            async session => (
                duo.FindAccount(await settings.FindAsync(session, request.Tenant, FactorSettings.Duo, cancellationToken)),
                await UserStore.FindAsync(session, request.Tenant, authenticator.UserId, cancellationToken)),
            cancellationToken);
        if (account is null || user is null || !await duo.IsHealthyAsync(account, cancellationToken))
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
