using System.Collections.Frozen;

namespace Sallyport.Protocols.Liquid.Syntax;

/// <summary>The variables that a template reads, and the names to which its own tags give values.</summary>
internal sealed class VariableNames
{
    private readonly List<string> _read = [];

    /// <summary>Starts with the names that tags define, which are never variables of the data.</summary>
    private readonly HashSet<string> _assigned = new(["forloop", "tablerowloop", "block"], StringComparer.Ordinal);

    /// <summary>How many names were read so far; see <see cref="ForgetSince"/>.</summary>
    public int ReadCount => _read.Count;

    /// <param name="path">The name of a variable, or a path of names such as <c>user.email</c>.</param>
    public void Read(string path) => _read.Add(path);

    public void Assign(string name) => _assigned.Add(name);

    /// <summary>Removes the names that were read after this count: they looked like variables but are names of arguments.</summary>
    public void ForgetSince(int readCount) => _read.RemoveRange(readCount, _read.Count - readCount);

    /// <summary>The paths whose first name is not assigned by the template.</summary>
    public FrozenSet<string> FromData() => _read.Where(path => !_assigned.Contains(Root(path))).ToFrozenSet(StringComparer.Ordinal);

    private static string Root(string path) => path.IndexOf('.') is > 0 and var end ? path[..end] : path;
}
