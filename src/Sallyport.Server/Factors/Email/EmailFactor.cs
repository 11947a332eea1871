using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Security;
using Sallyport.Server.Settings;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.Email;

/// <summary>A code that is sent to the user's verified email address.</summary>
internal sealed class EmailFactor(Database database, SettingReader settings, MailComposer composer, SecretHash hash) : IFactor
{
    private static readonly MailKind Mail = new("mfa_oob_code", texts => new MailTexts(
        texts.CodeSubject, texts.CodeReason, texts.CodeInstruction, texts.CodeOnce, texts.CodeUnexpected));

    public FactorTraits Traits { get; } = new(FactorNames.Email, "email", "email")
    {
        Label = texts => texts.FactorEmail,
        Amr = ["otp"],
        Rank = 20,
        ChallengeLimit = new ChallengeLimit(MaxCount: 10, Period: TimeSpan.FromHours(1), MinPause: TimeSpan.FromSeconds(30)),
        LogTypes = FactorLogTypes.Codes with { Sent = "gd_send_email" },
    };

    public ResponseKind ResponseKind => ResponseKind.Code;

    public NewAuthenticator? Begin(EnrollmentRequest request)
    {
        if (request.User.VerifiedEmail is not { } address)
        {
            return null;
        }

        var id = Authenticator.NewId();
        return new NewAuthenticator(Authenticator.Pending(
            request, Traits, id, Store(new AuthenticatorDetails { Email = address }, request.Tenant, id)));
    }

    public async ValueTask<CodeSettings?> FindCodeSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        await ReadCodeSettingsAsync(session, tenant, cancellationToken);

    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var (user, source, codes) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, request.Tenant, authenticator.UserId, cancellationToken),
                await composer.ReadSourceAsync(session, request.Tenant, Mail, cancellationToken),
                await ReadCodeSettingsAsync(session, request.Tenant, cancellationToken)),
            cancellationToken);
        var address = Describe(authenticator).Email;
        if (user is null || address is null || !MayReceive(user, authenticator, address))
        {
            return null;
        }

        var code = RandomNumberGenerator.GetString("0123456789", codes.Length);
        var lifetime = TimeSpan.FromSeconds(codes.ExpirationTime);
        var message = composer.Compose(source, new MailRequest(address, user)
        {
            Code = code,
            ExpiresAt = request.Now + lifetime,
            Language = request.AcceptLanguage?.Split(',', ';')[0],
        });
        return new ChallengeDraft(
            JsonSerializer.Serialize(new EmailChallengeDataV1(hash.ChallengeCode(request.ChallengeId, code)), FactorDataJson.Default.EmailChallengeDataV1),
            lifetime,
            message);
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now)
    {
        if (open is null)
        {
            return null;
        }

        var stored = FactorDataJson.Read(open.Data, FactorDataJson.Default.EmailChallengeDataV1).CodeHash;
        return CryptographicOperations.FixedTimeEquals(hash.ChallengeCode(open.Id, response.Value), stored)
            ? new Acceptance(ChallengeStore.Answer(open, now), AuthenticatorStore.Use(authenticator, authenticator.Data, now))
            : null;
    }

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new(JsonSerializer.Serialize(new EmailDataV1(details.Email), FactorDataJson.Default.EmailDataV1));

    public AuthenticatorDetails Describe(Authenticator authenticator) =>
        new() { Email = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.EmailDataV1).Address };

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).Email == details.Email;

    /// <summary>A person enrolls their own verified address only; an administrator vouches for any address.</summary>
    private static bool MayReceive(User user, Authenticator authenticator, string address) =>
        authenticator.TransactionId is null || (user.EmailVerified == true && user.Email == address);

    private async ValueTask<CodeSettings> ReadCodeSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken)
    {
        var kind = FactorSettings.EmailCodes;
        JsonNode shown = SettingValue.Show(kind, await settings.FindAsync(session, tenant, kind, cancellationToken), withSecrets: false);
        return shown.Deserialize(FactorJson.Default.CodeSettings)!;
    }
}
