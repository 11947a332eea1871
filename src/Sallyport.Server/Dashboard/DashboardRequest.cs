using Sallyport.Server.Administrators;
using Sallyport.Server.Audit;

namespace Sallyport.Server.Dashboard;

/// <summary>A request to the dashboard that has passed <see cref="DashboardGate"/>. Pages and actions get it instead of the HTTP context.</summary>
public sealed class DashboardRequest
{
    /// <summary>No field of a form that a person fills in is longer. Templates and pages have fields of their own.</summary>
    private const int MaxFieldLength = 4096;

    private readonly AdministratorSession? session;
    private readonly IFormCollection? form;

    /// <param name="session">Null on pages without a session: sign-in and invitation.</param>
    /// <param name="form">The fields of a form; null for a page.</param>
    internal DashboardRequest(HttpContext context, CallContext call, AdministratorSession? session, IFormCollection? form)
    {
        (Context, Call, this.session, this.form) = (context, call, session, form);
    }

    internal HttpContext Context { get; }

    internal CallContext Call { get; }

    internal AdministratorSession Session => session ?? throw new InvalidOperationException("This page has no session.");

    internal bool HasSession => session is not null;

    /// <summary>The status of the response. A page sets it, for example to 404.</summary>
    internal int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Shown once, above the page.</summary>
    internal string? Flash { get; init; }

    /// <summary>Makes the hidden field of forms.</summary>
    internal Func<string> NewFormToken { get; init; } = () => "";

    internal CancellationToken Aborted => Context.RequestAborted;

    internal string Path => Context.Request.Path;

    /// <summary>The administrator of this session may do what needs <paramref name="role"/>.</summary>
    internal bool Allows(AdministratorRole role) => session?.Administrator.Role >= role;

    /// <summary>A value of the path.</summary>
    internal string Route(string name) => Http.PathSegments.Decode(Context, (string?)Context.GetRouteValue(name) ?? "");

    /// <returns>A value of the address after "?"; empty if it is missing or cannot be searched for.</returns>
    internal string Query(string name) => Clean(Context.Request.Query[name]);

    /// <returns>The page of a list that the address asks for, from 0.</returns>
    internal int PageNumber(int maxPages) =>
        int.TryParse(Query("page"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number < maxPages ? number : 0;

    /// <returns>A field of the form, trimmed; empty if it is missing.</returns>
    internal string Field(string name) => Clean(form?[name]).Trim();

    /// <summary>As it was typed: spaces may belong to it.</summary>
    internal string Password(string name) => Clean(form?[name]);

    /// <summary>A template. Browsers send line breaks as CR LF; they are stored as LF.</summary>
    /// <returns>Null if the field is missing, or cannot be stored.</returns>
    internal string? Text(string name) =>
        form is not null && form.TryGetValue(name, out var text) && text is [{ } value] && !value.Contains('\0')
            ? value.ReplaceLineEndings("\n")
            : null;

    internal bool IsChecked(string name) => form?.ContainsKey(name) == true;

    /// <summary>Lets this page have an editor (<see cref="Components.CodeEditor"/>).</summary>
    /// <returns>The nonce for its styles.</returns>
    internal string AllowEditor()
    {
        var nonce = Security.Tokens.NewHex(32);
        DashboardHeaders.AllowEditor(Context.Response.Headers, nonce);
        return nonce;
    }

    private static string Clean(string? text) => text is null || text.Length > MaxFieldLength || text.Contains('\0') ? "" : text;
}
