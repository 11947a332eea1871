using Sallyport.Server.Audit;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;
using Sallyport.Server.Tenants;
using Sallyport.Server.Users;

namespace Sallyport.Server.EmailVerification;

/// <summary>What the holder of a link sees, and what pressing the button there does. Looking changes nothing.</summary>
internal sealed class VerifyEmail(Database database, SecretHash hash, MailTemplates templates, AuditLog audit, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;

    public ValueTask<VerificationView> LookAsync(string? link, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ViewAsync(session, link, cancellationToken), cancellationToken);

    /// <summary>Once: the link is spent in the unit that changes the user.</summary>
    public async ValueTask<VerificationView> ConfirmAsync(string? link, AuditSource source, CancellationToken cancellationToken)
    {
        var view = await LookAsync(link, cancellationToken);
        if (view is not { State: VerificationState.Open, Found: { } found })
        {
            return view;
        }

        var isVerified = await database.WriteAsync(
            async unit =>
            {
                var now = clock.GetUtcNow();
                var isDone = await unit.TryApplyAsync(
                    [
                        VerificationStore.Spend(Tenant, hash.EmailVerification(link!), now),
                        UserStore.VerifyEmail(Tenant, found.UserId, found.Email, now),
                    ],
                    cancellationToken);
                if (isDone)
                {
                    unit.Enqueue(VerificationStore.SpendOthers(Tenant, found.UserId, now));
                    audit.Add(unit, Tenant, new AuditEntry(AuditTypes.EmailVerified, source) { UserId = found.UserId });
                }

                return isDone;
            },
            cancellationToken);
        return isVerified ? view with { State = VerificationState.Verified } : await LookAsync(link, cancellationToken);
    }

    private async ValueTask<VerificationView> ViewAsync(Session session, string? text, CancellationToken cancellationToken)
    {
        var tenant = await TenantStore.GetSettingsAsync(session, Tenant, cancellationToken);
        var found = VerificationLink.TryParse(text, out var link)
            ? await VerificationStore.FindAsync(session, Tenant, hash.EmailVerification(link.Value), cancellationToken)
            : null;
        var state = found?.StateAt(clock.GetUtcNow()) ?? VerificationState.Unknown;
        if (found is null || state == VerificationState.Unknown)
        {
            return new VerificationView(tenant, VerificationState.Unknown, Found: null, Result: null);
        }

        var isOpen = state == VerificationState.Open;
        var template = await templates.FindAsync(session, EmailTemplate.Verification, cancellationToken);
        var application = found.ClientId is { } clientId ? await VerificationApplication.FindAsync(session, clientId, cancellationToken) : null;
        var variables = new Dictionary<string, object?> { ["application"] = application?.ToVariables() };
        var url = template is null ? null : templates.RenderResultUrl(EmailTemplate.Verification, template, variables);
        return new VerificationView(
            tenant, state, found, url is null ? null : new VerificationResult(url, template!.IncludeEmailInRedirect == true && isOpen ? found.Email : null));
    }
}

/// <param name="Found">Null where the link is unknown, or not to be known.</param>
/// <param name="Result">Where the person goes afterwards; null where they stay.</param>
internal sealed record VerificationView(TenantSettings Tenant, VerificationState State, Verification? Found, VerificationResult? Result)
{
    public string MessageIn(Texts texts) => State switch
    {
        VerificationState.Open => Texts.Fill(texts.VerifyReason, "tenant", Tenant.DisplayName),
        VerificationState.Verified => texts.VerifyDone,
        VerificationState.Unknown => texts.TicketUnknown,
        VerificationState.Used => texts.TicketUsed,
        VerificationState.Expired => texts.TicketExpired,
    };
}
