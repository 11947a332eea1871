namespace Sallyport.Bench.Limit;

/// <summary>The statements of one request. Each must find or change at least one row, unless its comment says otherwise.</summary>
internal sealed class LimitScript : IDisposable
{
    private const string MayFindNothing = "usually finds nothing";

    private readonly List<(LimitStatement Statement, bool MayFindNothing)> statements;

    private LimitScript(List<(LimitStatement, bool)> statements)
    {
        this.statements = statements;
    }

    /// <param name="files">Statements end with a semicolon at the end of a line.</param>
    public static LimitScript Read(LimitDatabase database, IReadOnlyList<string> files) =>
        new([.. string.Concat(files.Select(File.ReadAllText))
            .Split(";\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => (database.Compile(text), text.Contains(MayFindNothing, StringComparison.Ordinal)))]);

    public void Run(LimitValues values)
    {
        foreach (var (statement, mayFindNothing) in statements)
        {
            if (statement.Run(values) == 0 && !mayFindNothing)
            {
                throw new InvalidOperationException("A statement of the limit did nothing where the server's statement would");
            }
        }
    }

    public void Dispose() => statements.ForEach(pair => pair.Statement.Dispose());
}
