using Sallyport.Server.Configuration;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.EmailVerification;

/// <summary>Asks a user to confirm their address: a link, and the mail that carries it there and nowhere else.</summary>
internal sealed class VerificationMail(LinkMail mail, MailTemplates templates, Outbox outbox, SecretHash hash, SallyportOptions options)
{
    /// <summary>Where the template says nothing (guardian-behaviour 1.5).</summary>
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromSeconds(432_000);

    private static readonly TenantId Tenant = TenantId.Default;

    /// <param name="user">Who has an address.</param>
    /// <param name="application">In whose name; null where in that of the tenant.</param>
    public async ValueTask AddAsync(
        UnitOfWork unit, User user, VerificationApplication? application, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var template = await templates.FindAsync(unit, EmailTemplate.Verification, cancellationToken);
        var lifetime = template?.UrlLifetimeInSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : DefaultLifetime;
        var link = VerificationLink.New();
        var verification = new Verification(user.UserId, user.Email!, application?.ClientId, user.Email, IsBlocked: false) { ExpiresAt = now + lifetime };
        unit.Enqueue(VerificationStore.Insert(Tenant, hash.EmailVerification(link.Value), verification, now));

        var tenant = await TenantStore.GetSettingsAsync(unit, Tenant, cancellationToken);
        var locale = LanguageChoice.ChooseForMail(tenant.EnabledLocales, emailLocale: null);
        var url = $"{options.PublicUrl}{EmailVerificationEndpoints.Path}?link={link.Value}";
        var builtIn = mail.Compose(LinkMailTexts.ForVerification(locale.Texts), (user.Email!, user.Name), tenant, url, locale);
        var variables = MailVariables.Of(user, tenant, language: null);
        // Published templates of this mail say url, that of the enrollment says link.
        variables["url"] = variables["link"] = url;
        variables["connection"] = new Dictionary<string, object?> { ["name"] = user.Connection };
        if (application is not null)
        {
            variables["application"] = application.ToVariables();
        }

        var written = await templates.ApplyAsync(unit, EmailTemplate.Verification, builtIn, variables, cancellationToken);
        outbox.Add(unit, Tenant, Message.Of(written, new Uri(options.PublicUrl)));
    }
}
