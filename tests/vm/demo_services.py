"""What the cluster of the demonstration runs, and what its nodes need for that."""
# SPDX-License-Identifier: GPL-2.0-only
DATABASE, FRONT = "10.77.0.50", "10.77.0.60"
SERVICES = f"""
  device r0 {{ hadm r0; }}
  service db {{
    storage r0;
    mount /dev/ha0 /srv ext4;
    ocf mariadb ocf:heartbeat:mysql {{
      param binary /usr/sbin/mariadbd; param client_binary /usr/bin/mariadb;
      param config /etc/demo.cnf; param datadir /srv/mysql;
      param pid /run/mysqld/mysqld.pid; param socket /run/mysqld/mysqld.sock;
      param log /run/mysqld/log;
      monitor 10s timeout 30s; start-timeout 120s; stop-timeout 15s;
    }}
    ocf ownerlog ocf:hatest:ownerlog {{ stop-timeout 15s; }}
    ip {DATABASE}/24 {{ dev eth0; }}
  }}
  clone www {{
    ocf httpd ocf:hatest:program {{ param command "busybox httpd -f -p 8080 -h /run/www"; }}
  }}
  clone lb {{
    ocf haproxy ocf:hatest:program {{ param command "haproxy -db -f /etc/demo.haproxy"; }}
  }}
  service front {{ ip {FRONT}/24 {{ dev eth0; }} with lb; }}
"""
MARIADB = """[mysqld]
user = mysql
datadir = /srv/mysql
bind-address = 0.0.0.0
skip-name-resolve
skip-log-bin
performance_schema = OFF
innodb_buffer_pool_size = 32M
innodb_log_file_size = 16M
innodb_flush_log_at_trx_commit = 1
innodb_buffer_pool_dump_at_shutdown = OFF
innodb_buffer_pool_load_at_startup = OFF
"""
HAPROXY = """global
  maxconn 200
defaults
  mode http
  timeout connect 500ms
  timeout client 5s
  timeout server 1s
  retries 2
  option redispatch
frontend web
  bind :80
  default_backend servers
backend servers
  balance roundrobin
  server node1 10.77.0.1:8080 check inter 500ms fall 2 rise 2
  server node2 10.77.0.2:8080 check inter 500ms fall 2 rise 2
"""
# The journal is of the service, too: it writes "start" and "stop" there itself.
SCHEMA = """FLUSH PRIVILEGES;
CREATE DATABASE demo;
CREATE TABLE demo.journal (id BIGINT AUTO_INCREMENT PRIMARY KEY,
  event CHAR(5) NOT NULL, number BIGINT UNIQUE, node CHAR(16) NOT NULL,
  at TIMESTAMP DEFAULT CURRENT_TIMESTAMP) ENGINE=InnoDB;
CREATE USER demo@'%' IDENTIFIED BY 'demo';
GRANT SELECT, INSERT, UPDATE ON demo.* TO demo@'%';
"""
LITTLE = """set -e
    mkdir -p /usr/lib/ocf/resource.d/hatest
    for agent in ownerlog program; do
        ln -sf /ha/tests/vm/agents/$agent /usr/lib/ocf/resource.d/hatest/$agent
    done
    mkdir -p /run/www /run/mysqld && chown mysql:mysql /run/mysqld
    uname -n > /run/www/index.html"""


def install(node):
    """What an administrator would have put there."""
    node.run(LITTLE)
    node.write_file("/etc/demo.cnf", MARIADB)
    node.write_file("/etc/demo.haproxy", HAPROXY)


def create_database(node):
    """On the device, while nothing runs."""
    install(node)
    node.run("mount /dev/ha0 /srv && mkdir -p /srv/mysql && chown mysql:mysql /srv/mysql")
    node.run("mariadb-install-db --defaults-file=/etc/demo.cnf --user=mysql "
             "--datadir=/srv/mysql --skip-test-db >/tmp/install-db.log 2>&1", timeout=400)
    node.write_file("/tmp/schema.sql", SCHEMA.replace("\n  ", " "))
    node.run("mariadbd --defaults-file=/etc/demo.cnf --bootstrap </tmp/schema.sql "
             ">/tmp/schema.log 2>&1", timeout=200)
    node.run("umount /srv", timeout=120)
