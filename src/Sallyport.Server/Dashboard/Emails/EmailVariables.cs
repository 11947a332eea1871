using Sallyport.Protocols.Liquid;
using Sallyport.Server.Dashboard.Components;
using Sallyport.Server.Dashboard.Texts;
using Sallyport.Server.Messages.Templates;

namespace Sallyport.Server.Dashboard.Emails;

/// <summary>The variables of a template, with their meaning.</summary>
internal static class EmailVariables
{
    /// <summary>Objects whose members a user or an application chooses.</summary>
    private static readonly string[] Open = ["user.user_metadata", "user.app_metadata"];

    public static IReadOnlyList<TemplateVariable> Of(MailExample example) =>
        [.. example.Variables.Select(name => new TemplateVariable(name, EmailTexts.MeaningOf(name))), .. EmailTexts.CommonVariables];

    /// <summary>The variables of a template that no mail of this kind has.</summary>
    public static IReadOnlyList<string> ListUnknown(LiquidTemplate template, MailExample example)
    {
        var known = Of(example).Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        return [.. template.Variables.Where(path => !IsKnown(path, known)).Order(StringComparer.Ordinal)];
    }

    private static bool IsKnown(string path, HashSet<string> known) =>
        known.Contains(path)
        || known.Any(name => name.StartsWith(path + ".", StringComparison.Ordinal))
        || known.Any(name => path.StartsWith(name + ".", StringComparison.Ordinal) && (Open.Contains(name) || path[(name.Length + 1)..] is "size" or "first" or "last"));
}
