using Sallyport.Server.Configuration;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.EmailVerification;

/// <summary>The mail that asks a user to confirm their address. It is composed before the transaction that adds it begins.</summary>
internal sealed class VerificationMail(MailComposer composer, Outbox outbox, SecretHash hash, SallyportOptions options, TimeProvider clock)
{
    public static readonly MailExample Example = new(
        MailKind.Verification,
        (_, _) => new MailRequest(MailExample.Person.Email!, MailExample.Person)
        {
            Link = MailExample.Link,
            Variables = new Dictionary<string, object?>
            {
                ["url"] = MailExample.Link,
                ["connection"] = new Dictionary<string, object?> { ["name"] = "Username-Password-Authentication" },
            },
        });

    /// <summary>Unless the template sets another one (docs/management-api.md §C.3).</summary>
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(432_000);

    public ValueTask<MailSource> ReadSourceAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        composer.ReadSourceAsync(session, tenant, MailKind.Verification, cancellationToken);

    /// <param name="user">Has an address.</param>
    /// <param name="application">The client that the mail names; null to name the tenant.</param>
    public ComposedVerification Compose(MailSource source, User user, VerificationApplication? application)
    {
        var now = clock.GetUtcNow();
        var lifetime = source.Template?.UrlLifetimeInSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : DefaultLifetime;
        var id = LinkId.New();
        var verification = new Verification(user.UserId, user.Email!, application?.ClientId) { Times = new LinkTimes(now + lifetime, UsedAt: null, EndedAt: null) };
        var url = $"{options.PublicUrl}{EmailVerificationEndpoints.Path}?link={id.Value}";
        var variables = new Dictionary<string, object?>
        {
            // The published templates of this mail use "url", those of the enrollment mail "link".
            ["url"] = url,
            ["connection"] = new Dictionary<string, object?> { ["name"] = user.Connection },
        };
        if (application is not null)
        {
            variables["application"] = application.ToVariables();
        }

        var message = composer.Compose(source, new MailRequest(user.Email!, user) { Link = url, ExpiresAt = verification.Times.ExpiresAt, Variables = variables });
        return new ComposedVerification(VerificationStore.Insert(source.TenantId, VerificationStore.Links.Hash(hash, id), verification, now), message);
    }

    public void Add(UnitOfWork unit, TenantId tenant, ComposedVerification verification)
    {
        unit.Enqueue(verification.Insert);
        outbox.Add(unit, tenant, verification.Message);
    }
}

/// <param name="Insert">Fails on <c>email_verification_user_id_fkey</c> if the user no longer exists.</param>
internal sealed record ComposedVerification(Statement Insert, Message Message);
