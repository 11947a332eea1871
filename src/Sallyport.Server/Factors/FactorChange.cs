using System.Text.Json;
using System.Text.Json.Serialization;
using Sallyport.Server.Audit;
using Sallyport.Server.Languages;
using Sallyport.Server.Messages;
using Sallyport.Server.Messages.Templates;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>A change of the factors of a user. The lists hold names of factors.</summary>
/// <param name="Email">The address of the account; null if it has none.</param>
internal sealed record FactorChange(string UserId, string? Email)
{
    public IReadOnlyList<string> Added { get; init; } = [];

    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>The authenticator was replaced on request: a regenerated recovery code.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>The authenticator was used up and replaced: a recovery code at a sign-in.</summary>
    public IReadOnlyList<string> Used { get; init; } = [];

    public bool IsByAdministrator { get; init; }
}

/// <summary>
/// Notifies users by mail that their factors have changed, because an attacker must not be able to change them unnoticed. The mail is added in the
/// unit of work that makes the change.
/// </summary>
internal sealed class FactorChangeNotices(Outbox outbox, TimeProvider clock)
{
    public void Add(UnitOfWork unit, CallContext call, FactorChange change)
    {
        if (change.Email is null || (change.Added.Count + change.Removed.Count + change.Replaced.Count + change.Used.Count) == 0)
        {
            return;
        }

        var data = new FactorChangeV1(change.Email, change.UserId, clock.GetUtcNow())
        {
            Added = change.Added,
            Removed = change.Removed,
            Replaced = change.Replaced,
            Used = change.Used,
            IsByAdministrator = change.IsByAdministrator,
            // An administrator's address does not help the user.
            Address = change.IsByAdministrator ? null : call.Source.Address,
            Browser = change.IsByAdministrator ? null : BrowserName.Of(call.Source.UserAgent),
        };
        var mail = new DeferredMailV1(FactorChangeMail.Name, JsonSerializer.SerializeToElement(data, FactorMailJson.Default.FactorChangeV1));
        outbox.Add(unit, call.Tenant, Message.Of(mail) with { UserId = change.UserId });
    }
}

/// <summary>The facts of a change that the outbox keeps until the mail is composed.</summary>
/// <param name="To">The address of the account when the factors changed. A later change of the address does not redirect the mail.</param>
internal sealed record FactorChangeV1(string To, string UserId, DateTimeOffset At)
{
    public required IReadOnlyList<string> Added { get; init; }

    public required IReadOnlyList<string> Removed { get; init; }

    public required IReadOnlyList<string> Replaced { get; init; }

    public required IReadOnlyList<string> Used { get; init; }

    public bool IsByAdministrator { get; init; }

    public string? Address { get; init; }

    public string? Browser { get; init; }

    public override string ToString() => "***";
}

/// <summary>
/// The mail about changed factors. In the tenant's default language: the browser that made the change may be an attacker's, and must not choose
/// a language that the user cannot read. It has no link but those of the support contact.
/// </summary>
internal sealed class FactorChangeMail(Database database, MailComposer composer, MailSourceCache sources, FactorCatalog catalog) : IDeferredMail
{
    public const string Name = EmailTemplate.FactorChange;

    private static readonly MailKind Mail = new(
        Name, texts => new MailTexts(texts.FactorSubject, texts.FactorReason, null, null, null) { Warning = texts.FactorWarning });

    public static readonly MailExample Example = new(Mail, (texts, now) => new MailRequest(MailExample.Person.Email!, MailExample.Person)
    {
        Details =
        [
            new(texts.FactorAdded, texts.FactorSecurityKey) { Variable = "added_factors", IsList = true },
            new(texts.FactorRemoved, texts.FactorPhone) { Variable = "removed_factors", IsList = true },
            new(texts.FactorReplaced, texts.FactorRecoveryCode) { Variable = "replaced_factors", IsList = true },
            new(texts.FactorUsed, texts.FactorRecoveryCode) { Variable = "used_factors", IsList = true },
            new(texts.FactorWhen, MailDetail.TextOf(now)) { Variable = "changed_at" },
            new(texts.FactorFrom, MailDetail.TextOf(MailExample.Address, MailExample.Browser)!) { Variable = "ip_address" },
        ],
        Variables = new Dictionary<string, object?>
        {
            ["added_factors"] = new List<object?> { texts.FactorSecurityKey },
            ["removed_factors"] = new List<object?> { texts.FactorPhone },
            ["replaced_factors"] = new List<object?> { texts.FactorRecoveryCode },
            ["used_factors"] = new List<object?> { texts.FactorRecoveryCode },
            ["changed_at"] = MailDetail.TextOf(now),
            ["changed_by"] = "user",
            ["ip_address"] = MailExample.Address,
            ["browser"] = MailExample.Browser,
        },
    });

    public string Kind => Name;

    public async ValueTask<MailV1?> ComposeAsync(DueMessage message, JsonElement data, CancellationToken cancellationToken)
    {
        var change = data.Deserialize(FactorMailJson.Default.FactorChangeV1)!;
        var (source, user) = await database.ReadAsync(
            async session => (
                await sources.ReadAsync(session, message.Tenant, Mail, message.CreatedAt, cancellationToken),
                await UserStore.FindAsync(session, message.Tenant, change.UserId, cancellationToken)),
            cancellationToken);
        if (source.IsSwitchedOff)
        {
            return null;
        }

        var texts = source.LocaleOf(language: null).Texts;
        var request = new MailRequest(change.To, (user ?? new User { UserId = change.UserId }) with { Email = change.To })
        {
            Details = DetailsOf(change, texts),
            Variables = VariablesOf(change, texts),
        };
        return composer.ComposeMail(source, request);
    }

    private List<MailDetail> DetailsOf(FactorChangeV1 change, Texts texts) =>
    [
        .. List(texts.FactorAdded, change.Added, texts),
        .. List(texts.FactorRemoved, change.Removed, texts),
        .. List(texts.FactorReplaced, change.Replaced, texts),
        .. List(texts.FactorUsed, change.Used, texts),
        new(texts.FactorWhen, MailDetail.TextOf(change.At)),
        .. MailDetail.TextOf(change.Address, change.Browser) is { } place ? [new(texts.FactorFrom, place)] : Array.Empty<MailDetail>(),
        .. change.IsByAdministrator ? [new(texts.FactorBy, texts.FactorByAdministrator)] : Array.Empty<MailDetail>(),
    ];

    private IEnumerable<MailDetail> List(string label, IReadOnlyList<string> factors, Texts texts) =>
        factors.Count == 0 ? [] : [new MailDetail(label, string.Join(", ", LabelsOf(factors, texts)))];

    private IEnumerable<string> LabelsOf(IReadOnlyList<string> factors, Texts texts) =>
        factors.Select(factor => catalog.LabelOf(factor, texts)).Order(StringComparer.Ordinal);

    private Dictionary<string, object?> VariablesOf(FactorChangeV1 change, Texts texts) => new()
    {
        ["added_factors"] = LabelsOf(change.Added, texts).ToList<object?>(),
        ["removed_factors"] = LabelsOf(change.Removed, texts).ToList<object?>(),
        ["replaced_factors"] = LabelsOf(change.Replaced, texts).ToList<object?>(),
        ["used_factors"] = LabelsOf(change.Used, texts).ToList<object?>(),
        ["changed_at"] = MailDetail.TextOf(change.At),
        ["changed_by"] = change.IsByAdministrator ? "administrator" : "user",
        ["ip_address"] = change.Address,
        ["browser"] = change.Browser,
    };
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FactorChangeV1))]
[JsonSerializable(typeof(SignInReportV1))]
internal sealed partial class FactorMailJson : JsonSerializerContext;
