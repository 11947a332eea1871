using Sallyport.Server.Administrators;
using Sallyport.Server.Dashboard.Texts;

namespace Sallyport.Server.Dashboard.Components;

/// <summary>A value of <see cref="Choice"/>.</summary>
public sealed record ChoiceOption(string Value, string Text);

/// <summary>How a status is coloured. Its word says what it is.</summary>
public enum StatusKind
{
    Neutral,
    Good,
    Waiting,
    Bad,
}

/// <summary>What <see cref="FaultPage"/> shows instead of a page.</summary>
public sealed record PageFault(int Status, string Title, string Help)
{
    public static readonly PageFault Missing = new(404, CommonTexts.NotFoundTitle, CommonTexts.NotFoundHelp);
    public static readonly PageFault Forbidden = new(403, CommonTexts.ForbiddenTitle, CommonTexts.ForbiddenHelp);
    public static readonly PageFault FormRefused = new(400, CommonTexts.FormRefusedTitle, CommonTexts.FormRefusedHelp);
    public static readonly PageFault NotNavigated = new(403, CommonTexts.NotNavigatedTitle, CommonTexts.NotNavigatedHelp);

    public PageFault(int status, string message)
        : this(status, CommonTexts.BadRequestTitle, message)
    {
    }

    /// <summary>The answer of an action whose object does not exist.</summary>
    internal static PageResult<FaultPage> NotFound(DashboardRequest request) => new(request, StatusCodes.Status404NotFound);

    public static PageFault Internal(string reference) => new(500, CommonTexts.FaultTitle, $"{CommonTexts.FaultHelp} {reference}");
}

/// <summary>The faults of a form that was refused, by field, and what was entered.</summary>
public sealed class FormFaults
{
    private readonly Dictionary<string, string> faults = new(StringComparer.Ordinal);

    public bool Any => faults.Count > 0;

    public string? this[string field]
    {
        get => faults.GetValueOrDefault(field);
        set => faults[field] = value!;
    }

    public IEnumerable<KeyValuePair<string, string>> All => faults;
}

/// <summary>A row of <see cref="SessionTable"/>.</summary>
public sealed record SessionView(string Id, string? UserAgent, string? Address, DateTimeOffset LastSeenAt, DateTimeOffset CreatedAt, bool IsThis)
{
    internal static SessionView Of(AdministratorSession session, string? ownId) =>
        new(session.Id, session.UserAgent, session.Address, session.LastSeenAt, session.CreatedAt, session.Id == ownId);
}
