using System.Data.Common;

namespace Sallyport.Server.Storage;

/// <summary>A statement, and how a row of its answer is read.</summary>
internal readonly record struct Query<T>(Statement Statement, Func<DbDataReader, T> Read);
