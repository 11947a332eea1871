using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Factors.Settings;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors.Email;

/// <summary>A code that is sent to the user's verified email address.</summary>
internal sealed class EmailFactor(Database database, MailComposer composer, SentCodes codes) : IFactor
{
    private static readonly MailKind Mail = new("mfa_oob_code", texts => new MailTexts(
        texts.CodeSubject, texts.CodeReason, texts.CodeInstruction, texts.CodeOnce, texts.CodeUnexpected));

    public static readonly MailExample Example = new(
        Mail, (_, _) => new MailRequest(MailExample.Person.Email!, MailExample.Person) { Code = "123456" });

    public FactorTraits Traits { get; } = new(FactorNames.Email, "email", "email")
    {
        Label = texts => texts.FactorEmail,
        Amr = ["otp"],
        Rank = 20,
        TicketName = "email",
        ChallengeLimit = new ChallengeLimit(Burst: 20, Refill: TimeSpan.FromMinutes(1), MinPause: TimeSpan.FromSeconds(30)),
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

    public async ValueTask<SentCodeSettings?> FindCodeSettingsAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        await codes.ReadSettingsAsync(session, tenant, FactorSettings.EmailCodes, cancellationToken);

    public async ValueTask<ChallengeDraft?> ChallengeAsync(
        Authenticator authenticator, ChallengeRequest request, CancellationToken cancellationToken)
    {
        var (user, source, sent) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, request.Tenant, authenticator.UserId, cancellationToken),
                await composer.ReadSourceAsync(session, request.Tenant, Mail, cancellationToken),
                await codes.ReadSettingsAsync(session, request.Tenant, FactorSettings.EmailCodes, cancellationToken)),
            cancellationToken);
        var address = Describe(authenticator).Email;
        if (user is null || address is null || !MayReceive(user, authenticator, address))
        {
            return null;
        }

        var code = SentCodes.New(sent.Length);
        var message = composer.Compose(source, new MailRequest(address, user)
        {
            Code = code,
            ExpiresAt = request.Now + sent.Lifetime,
            Language = request.AcceptLanguage?.Split(',', ';')[0],
        });
        return new ChallengeDraft(codes.Store(request.ChallengeId, address, code), sent.Lifetime, message) { LogType = AuditTypes.EmailSent };
    }

    public Acceptance? Verify(Authenticator authenticator, Challenge? open, FactorResponse response, DateTimeOffset now) =>
        codes.Verify(authenticator, Describe(authenticator).Email, open, response, now);

    public StoredData Store(AuthenticatorDetails details, TenantId tenant, string authenticatorId) =>
        new(JsonSerializer.Serialize(new EmailDataV1(details.Email), FactorDataJson.Default.EmailDataV1));

    public AuthenticatorDetails Describe(Authenticator authenticator) =>
        new() { Email = FactorDataJson.Read(authenticator.Data, FactorDataJson.Default.EmailDataV1).Address };

    public bool IsSame(Authenticator known, AuthenticatorDetails details) => Describe(known).Email == details.Email;

    /// <summary>A person enrolls their own verified address only; an administrator vouches for any address.</summary>
    private static bool MayReceive(User user, Authenticator authenticator, string address) =>
        authenticator.TransactionId is null || (user.EmailVerified == true && user.Email == address);
}
