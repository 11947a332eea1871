using Sallyport.Server.Dashboard.Components;

namespace Sallyport.Server.Dashboard.Texts;

/// <summary>The editor of templates, wherever it is.</summary>
internal static class EditorTexts
{
    public const string Preview = "Preview";
    public const string ShowPreview = "Show preview";
    public const string Phone = "Phone";
    public const string Desktop = "Desktop";
    public const string Language = "Language";
    public const string Variables = "Variables";
    public const string NoDifference = "The two texts are the same.";
    public const string TooLongToCompare = "These texts are too long to be compared.";

    public static string At(EditorFault fault) => $"Line {fault.Line}, column {fault.Column}: {fault.Message}";

    public static string Unknown(IReadOnlyList<string> variables) =>
        $"{(variables.Count == 1 ? "This variable does" : "These variables do")} not exist, and will be empty: {string.Join(", ", variables)}";

    public static string SameLines(int count) => count == 1 ? "1 line is the same" : $"{count} lines are the same";

    public static string Sign(LineChange change) => change switch
    {
        LineChange.Added => "+",
        LineChange.Removed => "−",
        LineChange.Same or LineChange.Gap => "",
    };

    public static string SignName(LineChange change) => change switch
    {
        LineChange.Added => "added",
        LineChange.Removed => "removed",
        LineChange.Same or LineChange.Gap => "",
    };
}
