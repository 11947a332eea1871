using System.Text.Json;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>A sign-in that its user has reported as not their own.</summary>
internal sealed record SignInReportV1(string UserId, DateTimeOffset At)
{
    /// <summary>The address of the browser that signs in; null if it is not known.</summary>
    public string? Address { get; init; }

    public string? Browser { get; init; }

    public override string ToString() => "***";
}

/// <summary>Notifies the administrator of a report by mail, in the unit of work that stores the report.</summary>
internal sealed class SignInReportNotices(Outbox outbox)
{
    public void Add(UnitOfWork unit, TenantId tenant, SignInReportV1 report)
    {
        var mail = new DeferredMailV1(EmailTemplate.SignInReport, JsonSerializer.SerializeToElement(report, FactorMailJson.Default.SignInReportV1));
        outbox.Add(unit, tenant, Message.Of(mail) with { UserId = report.UserId });
    }
}

/// <summary>The mail to the tenant's support address about a report, in the tenant's default language. Without that address, no mail is sent.</summary>
internal sealed class SignInReportMail(Database database, MailComposer composer, MailSourceCache sources) : IDeferredMail
{
    private static readonly MailKind Mail = new(
        EmailTemplate.SignInReport, texts => new MailTexts(texts.ReportSubject, texts.ReportReason, null, null, null) { Warning = texts.ReportWarning });

    public static readonly MailExample Example = new(Mail, (texts, now) => new MailRequest("support@example.com", MailExample.Person)
    {
        IsToAdministrator = true,
        Details =
        [
            new(texts.ReportUser, MailExample.Person.Email!) { Variable = "user.email" },
            new(texts.FactorWhen, MailDetail.TextOf(now)) { Variable = "reported_at" },
            new(texts.FactorFrom, MailDetail.TextOf(MailExample.Address, MailExample.Browser)!) { Variable = "ip_address" },
        ],
        Variables = new Dictionary<string, object?>
        {
            ["reported_at"] = MailDetail.TextOf(now),
            ["ip_address"] = MailExample.Address,
            ["browser"] = MailExample.Browser,
        },
    });

    public string Kind => EmailTemplate.SignInReport;

    public async ValueTask<MailV1?> ComposeAsync(DueMessage message, JsonElement data, CancellationToken cancellationToken)
    {
        var report = data.Deserialize(FactorMailJson.Default.SignInReportV1)!;
        var (source, user) = await database.ReadAsync(
            async session => (
                await sources.ReadAsync(session, message.Tenant, Mail, message.CreatedAt, cancellationToken),
                await UserStore.FindAsync(session, message.Tenant, report.UserId, cancellationToken)),
            cancellationToken);
        if (source.IsSwitchedOff || source.Tenant.SupportEmail is not { Length: > 0 } address)
        {
            return null;
        }

        user ??= new User { UserId = report.UserId };
        return composer.ComposeMail(source, new MailRequest(address, user)
        {
            IsToAdministrator = true,
            Details = DetailsOf(report, user, source.LocaleOf(language: null).Texts),
            Variables = new Dictionary<string, object?>
            {
                ["reported_at"] = MailDetail.TextOf(report.At),
                ["ip_address"] = report.Address,
                ["browser"] = report.Browser,
            },
        });
    }

    private static List<MailDetail> DetailsOf(SignInReportV1 report, User user, Texts texts) =>
    [
        new(texts.ReportUser, (user.Email ?? user.Username) is { } name ? $"{name} ({user.UserId})" : user.UserId),
        new(texts.FactorWhen, MailDetail.TextOf(report.At)),
        .. MailDetail.TextOf(report.Address, report.Browser) is { } place ? [new(texts.FactorFrom, place)] : Array.Empty<MailDetail>(),
    ];
}
