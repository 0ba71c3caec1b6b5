using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using FitTrack.Core.Accounts;
using FitTrack.Core.Data;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;

namespace FitTrack.Core.Privacy;

/// <summary>What an import has met so far: makes each row the importing member's, by new ids and references to nothing else than their own rows.</summary>
internal sealed class KnownRows(Guid userId)
{
    private readonly Dictionary<Type, HashSet<Guid>> _met = [];
    private readonly Dictionary<Type, HashSet<Guid>> _present = [];
    private readonly Dictionary<Type, HashSet<Guid>> _shared = [];

    public int Rows { get; set; }

    public void Begin(PersonalTable table, IEnumerable<Guid> present, IEnumerable<Guid> shared) =>
        (_met[table.Type], _present[table.Type], _shared[table.Type]) = ([], [.. present], [.. shared]);

    /// <summary>Gives the row its new id and turns every reference to the member, to their other rows, or to what is everybody's; others are dropped.</summary>
    /// <exception cref="JsonException">It belongs to a row that is not in the archive, or is there twice.</exception>
    public void Own(PersonalTable table, EntityEntry row)
    {
        if (table.HasId)
        {
            var id = Derive((Guid)row.Property("Id").CurrentValue!);
            row.Property("Id").CurrentValue = id;
            if (!_met[table.Type].Add(id))
                throw new JsonException("A row is there twice.", "id", null, null);
        }

        // Times are stored as UTC in microseconds; an archive may say them otherwise.
        foreach (var time in row.Properties.Where(p => p.CurrentValue is DateTimeOffset))
            time.CurrentValue = ((DateTimeOffset)time.CurrentValue!).ToUniversalTime().ToMicroseconds();

        foreach (var key in row.Metadata.GetForeignKeys().Where(k => k.Properties is [{ ClrType: var type }] && (type == typeof(Guid) || type == typeof(Guid?))))
        {
            var property = row.Property(key.Properties[0].Name);
            property.CurrentValue = Turn(key, property.CurrentValue as Guid?) ?? (key.Properties[0].IsNullable
                ? null
                : throw new JsonException("A row belongs to one that is not in the archive.", property.Metadata.Name, null, null));
        }
    }

    /// <summary>Whether the row is to be added; null when only the database can tell.</summary>
    public bool? IsNew(EntityEntry row)
    {
        if (_present.TryGetValue(row.Metadata.ClrType, out var present) && row.Metadata.FindPrimaryKey()!.Properties is [{ Name: "Id" }])
            return !present.Contains((Guid)row.Property("Id").CurrentValue!);
        // A part of another row, such as a set of an exercise, is new when that is.
        var whole = row.Metadata.GetForeignKeys().FirstOrDefault(k => k.Properties is [var p] && p.IsPrimaryKey() && _present.ContainsKey(k.PrincipalEntityType.ClrType));
        return whole is null ? null : !_present[whole.PrincipalEntityType.ClrType].Contains((Guid)row.Property(whole.Properties[0].Name).CurrentValue!);
    }

    /// <summary>Whether everything that the member had was in the archive too.</summary>
    public bool Covers(PersonalTable table, IEnumerable<Guid> present) => present.All(_met[table.Type].Contains);

    private Guid? Turn(IForeignKey key, Guid? old)
    {
        var principal = key.PrincipalEntityType.ClrType;
        if (principal == typeof(User))
            return old is null && key.Properties[0].IsNullable ? null : userId;
        if (old is not { } id || !_met.TryGetValue(principal, out var met))
            return null;
        if (met.Contains(Derive(id)) || principal == key.DeclaringEntityType.ClrType)
            return Derive(id);
        return _shared[principal].Contains(id) ? id : null;
    }

    /// <summary>The same for the same member and row every time (a UUID of version 8, RFC 9562); nobody else's row can have it.</summary>
    private Guid Derive(Guid old)
    {
        Span<byte> bytes = stackalloc byte[32];
        userId.TryWriteBytes(bytes, bigEndian: true, out _);
        old.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        var hash = SHA256.HashData(bytes).AsSpan(0, 16);
        BinaryPrimitives.WriteUInt16BigEndian(hash[6..], (ushort)(0x8000 | (BinaryPrimitives.ReadUInt16BigEndian(hash[6..]) & 0x0fff)));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3f));
        return new Guid(hash, bigEndian: true);
    }
}
